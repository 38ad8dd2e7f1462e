package downstream.detection.metrics.coco;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Overlaps;
import downstream.detection.metrics.ScoreOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Matches the detections of one category to its ground truth, image by image. */
final class ClassMatcher {
  private final GroundTruth gt;
  private final BoxTable groundTruth;
  private final BoxTable detections;
  private final EvaluatorSettings settings;
  private final Overlaps overlaps;
  private final int[] groundTruthRows;
  private final int[] rows;

  /**
   * A matcher.
   *
   * @param groundTruthRows the category's rows of the ground truth, by image
   * @param rows its rows of the detections, by image
   */
  ClassMatcher(
      GroundTruth gt,
      BoxTable detections,
      EvaluatorSettings settings,
      Overlaps overlaps,
      int[] groundTruthRows,
      int[] rows) {
    this.gt = gt;
    this.groundTruth = gt.boxes();
    this.detections = detections;
    this.settings = settings;
    this.overlaps = overlaps;
    this.groundTruthRows = groundTruthRows;
    this.rows = highest(rows);
  }

  /**
   * One image's ground truth {@code [groundTruthFrom, groundTruthTo)} and detections {@code [from,
   * to)}.
   */
  private record Cell(int image, int groundTruthFrom, int groundTruthTo, int from, int to) {}

  private interface Visit {
    void visit(Cell cell);
  }

  private void each(Visit visit) {
    int g = 0;
    int d = 0;
    while (g < groundTruthRows.length || d < rows.length) {
      int image = Math.min(image(groundTruth, groundTruthRows, g), image(detections, rows, d));
      int groundTruthEnd = runEnd(groundTruth, groundTruthRows, g, image);
      int end = runEnd(detections, rows, d, image);
      visit.visit(new Cell(image, g, groundTruthEnd, d, end));
      g = groundTruthEnd;
      d = end;
    }
  }

  /** Matches in the order of the file. */
  ClassMatches match() {
    int[][] outcome = new int[ClassMatches.RANGES.length][rows.length];
    ImageMatcher matcher =
        new ImageMatcher(groundTruth, groundTruthRows, detections, rows, outcome, overlaps);
    List<int[]> positives = new ArrayList<>();
    List<Integer> groundTruthImages = new ArrayList<>();
    each(
        cell -> {
          int[] counted = match(matcher, cell);
          if (cell.groundTruthTo > cell.groundTruthFrom) {
            groundTruthImages.add(cell.image);
            positives.add(counted);
          }
        });
    return classMatches(outcome, groundTruthImages, positives);
  }

  /** The same with equal scores inside each image in another order. */
  ClassMatches rearranged(ClassMatches file, TieOrder order) {
    if (!file.tiesInsideImages()) {
      return file;
    }
    int[][] outcome = Arrays.stream(file.outcome).map(int[]::clone).toArray(int[][]::new);
    ImageMatcher matcher =
        new ImageMatcher(groundTruth, groundTruthRows, detections, rows, outcome, overlaps);
    each(
        cell -> {
          if (cell.groundTruthTo > cell.groundTruthFrom && file.tiesIn(cell.from, cell.to)) {
            matcher.clear(cell.from, cell.to);
            TieSearch.arrange(
                order, rows, cell.from, cell.to, detections.score, () -> hits(matcher, cell));
            match(matcher, cell);
          }
        });
    return new ClassMatches(
        file.image, file.rank, file.score, outcome, file.groundTruthImage, file.positives);
  }

  private int hits(ImageMatcher matcher, Cell cell) {
    match(matcher, cell);
    int hits = matcher.hits(cell.from, cell.to);
    matcher.clear(cell.from, cell.to);
    return hits;
  }

  private int[] match(ImageMatcher matcher, Cell cell) {
    return matcher.match(
        cell.groundTruthFrom, cell.groundTruthTo, cell.from, cell.to, isPartial(cell));
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
      int[][] outcome, List<Integer> groundTruthImages, List<int[]> positives) {
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
    int[] groundTruthImage = groundTruthImages.stream().mapToInt(Integer::intValue).toArray();
    return new ClassMatches(image, rank, score, outcome, groundTruthImage, byRange);
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
