package downstream.detection.metrics.coco;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Overlaps;
import downstream.detection.metrics.ScoreOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Matches the detections of one category to its truth, picture by picture. */
final class ClassMatcher {
  private final GroundTruth gt;
  private final BoxTable truth;
  private final BoxTable detections;
  private final EvaluatorSettings settings;
  private final Overlaps overlaps;
  private final int[] truthRows;
  private final int[] rows;

  /**
   * A matcher.
   *
   * @param truthRows the category's rows of the truth, by image
   * @param rows its rows of the detections, by image
   */
  ClassMatcher(
      GroundTruth gt,
      BoxTable detections,
      EvaluatorSettings settings,
      Overlaps overlaps,
      int[] truthRows,
      int[] rows) {
    this.gt = gt;
    this.truth = gt.boxes();
    this.detections = detections;
    this.settings = settings;
    this.overlaps = overlaps;
    this.truthRows = truthRows;
    this.rows = highest(rows);
  }

  /** One picture's truth {@code [truthFrom, truthTo)} and detections {@code [from, to)}. */
  private record Cell(int image, int truthFrom, int truthTo, int from, int to) {}

  private interface Visit {
    void visit(Cell cell);
  }

  private void each(Visit visit) {
    int g = 0;
    int d = 0;
    while (g < truthRows.length || d < rows.length) {
      int image = Math.min(image(truth, truthRows, g), image(detections, rows, d));
      int truthEnd = runEnd(truth, truthRows, g, image);
      int end = runEnd(detections, rows, d, image);
      visit.visit(new Cell(image, g, truthEnd, d, end));
      g = truthEnd;
      d = end;
    }
  }

  /** Matches in the order of the file. */
  ClassMatches match() {
    int[][] outcome = new int[ClassMatches.RANGES.length][rows.length];
    ImageMatcher matcher = new ImageMatcher(truth, truthRows, detections, rows, outcome, overlaps);
    List<int[]> positives = new ArrayList<>();
    List<Integer> truthImages = new ArrayList<>();
    each(
        cell -> {
          int[] counted = match(matcher, cell);
          if (cell.truthTo > cell.truthFrom) {
            truthImages.add(cell.image);
            positives.add(counted);
          }
        });
    return classMatches(outcome, truthImages, positives);
  }

  /** The same with equal scores inside each picture in another order. */
  ClassMatches rearranged(ClassMatches file, TieOrder order) {
    if (!file.tiesInsideImages()) {
      return file;
    }
    int[][] outcome = Arrays.stream(file.outcome).map(int[]::clone).toArray(int[][]::new);
    ImageMatcher matcher = new ImageMatcher(truth, truthRows, detections, rows, outcome, overlaps);
    each(
        cell -> {
          if (cell.truthTo > cell.truthFrom && file.tiesIn(cell.from, cell.to)) {
            matcher.clear(cell.from, cell.to);
            TieSearch.arrange(
                order, rows, cell.from, cell.to, detections.score, () -> hits(matcher, cell));
            match(matcher, cell);
          }
        });
    return new ClassMatches(
        file.image, file.rank, file.score, outcome, file.truthImage, file.positives);
  }

  private int hits(ImageMatcher matcher, Cell cell) {
    match(matcher, cell);
    int hits = matcher.hits(cell.from, cell.to);
    matcher.clear(cell.from, cell.to);
    return hits;
  }

  private int[] match(ImageMatcher matcher, Cell cell) {
    return matcher.match(cell.truthFrom, cell.truthTo, cell.from, cell.to, isPartial(cell));
  }

  private boolean isPartial(Cell cell) {
    return cell.from < cell.to
        && gt.federation()
            .map(f -> f.isPartial(cell.image, detections.category[rows[cell.from]]))
            .orElse(false);
  }

  /** Each image's rows by falling score, cut off after the last limit. */
  private int[] highest(int[] rows) {
    int[] kept = new int[rows.length];
    int size = 0;
    for (int from = 0; from < rows.length; ) {
      int to = runEnd(detections, rows, from, detections.image[rows[from]]);
      ScoreOrder.sort(rows, from, to, detections.score);
      int count = Math.min(to - from, settings.lastMaxDets());
      System.arraycopy(rows, from, kept, size, count);
      size += count;
      from = to;
    }
    return Arrays.copyOf(kept, size);
  }

  private ClassMatches classMatches(
      int[][] outcome, List<Integer> truthImages, List<int[]> positives) {
    int[] image = new int[rows.length];
    int[] rank = new int[rows.length];
    double[] score = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      image[i] = detections.image[rows[i]];
      rank[i] = i > 0 && image[i] == image[i - 1] ? rank[i - 1] + 1 : 0;
      score[i] = detections.score[rows[i]];
    }
    int[][] byRange = new int[ClassMatches.RANGES.length][positives.size()];
    for (int range = 0; range < byRange.length; range++) {
      for (int i = 0; i < positives.size(); i++) {
        byRange[range][i] = positives.get(i)[range];
      }
    }
    int[] truthImage = truthImages.stream().mapToInt(Integer::intValue).toArray();
    return new ClassMatches(image, rank, score, outcome, truthImage, byRange);
  }

  private static int image(BoxTable boxes, int[] rows, int at) {
    return at < rows.length ? boxes.image[rows[at]] : Integer.MAX_VALUE;
  }

  private static int runEnd(BoxTable boxes, int[] rows, int from, int image) {
    int end = from;
    while (end < rows.length && boxes.image[rows[end]] == image) {
      end++;
    }
    return end;
  }
}
