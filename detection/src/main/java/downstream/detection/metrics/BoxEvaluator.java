package downstream.detection.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The COCO box evaluator: matches detections to truth as pycocotools does (categories in parallel)
 * and leaves a {@link MatchTable} from which every figure follows.
 */
final class BoxEvaluator {
  private final BoxTable truth;
  private final BoxTable detections;
  private final EvaluatorSettings settings;

  private BoxEvaluator(BoxTable truth, BoxTable detections, EvaluatorSettings settings) {
    this.truth = truth;
    this.detections = detections;
    this.settings = settings;
  }

  /** Matches all detections of a results file. */
  static MatchTable match(GroundTruth truth, DetectionResults results, EvaluatorSettings settings) {
    BoxTable boxes = results.boxes();
    BoxEvaluator evaluator = new BoxEvaluator(truth.boxes(), boxes, settings);
    List<ClassMatches> classes =
        evaluator.matchAll(truth.categoryNames().size(), truth.imageIds().size());
    long kept = classes.stream().mapToLong(c -> c.size).sum();
    Map<String, Long> counts =
        Map.of(
            "images", (long) truth.imageIds().size(),
            "truth", (long) truth.boxes().size,
            "crowd", (long) truth.boxes().crowd.cardinality(),
            "detections", (long) boxes.size,
            "droppedUnknownCategory", results.unknownCategory(),
            "droppedOverMaxDets", boxes.size - kept,
            "tiedPairs", classes.stream().mapToLong(ClassMatches::tiedPairs).sum());
    List<String> warnings = new ArrayList<>(truth.warnings());
    warnings.addAll(results.warnings());
    warnings.addAll(warnings(boxes.size - kept, boxes, settings));
    List<String> names = settings.classAgnostic() ? List.of("all") : truth.categoryNames();
    return new MatchTable(
        truth.imageIds().size(),
        names,
        settings.maxDets(),
        settings.pycocotools(),
        classes,
        counts,
        warnings);
  }

  private static List<String> warnings(long cut, BoxTable boxes, EvaluatorSettings settings) {
    List<String> warnings = new ArrayList<>();
    if (cut > 0) {
      warnings.add(
          cut
              + " detections beyond the best "
              + settings.lastMaxDets()
              + " of their image and category do not count");
    }
    if (boxes.size > 1 && Arrays.stream(boxes.score, 0, boxes.size).distinct().count() == 1) {
      warnings.add("all detections have the same score: the figures follow the order of the file");
    }
    return warnings;
  }

  private List<ClassMatches> matchAll(int categories, int images) {
    int[] truthRows = rows(truth, categories, images);
    int[] rows = rows(detections, categories, images);
    if (settings.classAgnostic()) {
      return List.of(matchCategory(truthRows, rows));
    }
    int[] truthEnds = ends(truth, truthRows, categories);
    int[] ends = ends(detections, rows, categories);
    return IntStream.range(0, categories)
        .parallel()
        .mapToObj(c -> matchCategory(part(truthRows, truthEnds, c), part(rows, ends, c)))
        .toList();
  }

  private int[] rows(BoxTable boxes, int categories, int images) {
    return settings.classAgnostic()
        ? boxes.byImageAndCategory(categories, images)
        : boxes.byCategoryAndImage(categories, images);
  }

  private static int[] ends(BoxTable boxes, int[] rows, int categories) {
    int[] ends = new int[categories];
    for (int row : rows) {
      ends[boxes.category[row]]++;
    }
    Arrays.parallelPrefix(ends, Integer::sum);
    return ends;
  }

  private static int[] part(int[] rows, int[] ends, int category) {
    return Arrays.copyOfRange(rows, category == 0 ? 0 : ends[category - 1], ends[category]);
  }

  private ClassMatches matchCategory(int[] truthRows, int[] allRows) {
    int[] rows = highest(allRows);
    int[][] outcome = new int[ClassMatches.RANGES.length][rows.length];
    ImageMatcher matcher = new ImageMatcher(truth, truthRows, detections, rows, outcome);
    List<int[]> positives = new ArrayList<>();
    List<Integer> truthImages = new ArrayList<>();
    int g = 0;
    int d = 0;
    while (g < truthRows.length || d < rows.length) {
      int image = Math.min(image(truth, truthRows, g), image(detections, rows, d));
      int truthEnd = runEnd(truth, truthRows, g, image);
      int end = runEnd(detections, rows, d, image);
      int[] counted = matcher.match(g, truthEnd, d, end);
      if (truthEnd > g) {
        truthImages.add(image);
        positives.add(counted);
      }
      g = truthEnd;
      d = end;
    }
    return classMatches(rows, outcome, truthImages, positives);
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
      int[] rows, int[][] outcome, List<Integer> truthImages, List<int[]> positives) {
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
