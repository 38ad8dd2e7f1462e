package downstream.detection.metrics.coco;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Overlaps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The COCO evaluator: matches detections to ground truth as pycocotools does (categories in
 * parallel) and leaves a {@link MatchTable} from which every metric follows. LVIS's rules differ in
 * what is compared, not in how.
 */
public final class CocoEvaluator {
  private final GroundTruth gt;
  private final BoxTable groundTruth;
  private final BoxTable detections;
  private final EvaluatorSettings settings;
  private final Overlaps overlaps;

  private CocoEvaluator(GroundTruth gt, BoxTable detections, EvaluatorSettings settings) {
    this.gt = gt;
    this.groundTruth = gt.boxes();
    this.detections = detections;
    this.settings = settings;
    this.overlaps = Overlaps.of(settings.iou(), detections, groundTruth);
  }

  /** Matches all detections of a results file. */
  public static MatchTable match(
      GroundTruth groundTruth, DetectionResults results, EvaluatorSettings settings) {
    BoxTable boxes = results.boxes();
    CocoEvaluator evaluator = new CocoEvaluator(groundTruth, boxes, settings);
    Optional<FederatedSelection> selection =
        groundTruth.federation().map(f -> new FederatedSelection(groundTruth, f, boxes, settings));
    List<ClassMatches> classes = evaluator.each(selection, (c, matcher) -> matcher.match());
    long kept = classes.stream().mapToLong(c -> c.size).sum();
    long unchecked = selection.map(FederatedSelection::unchecked).orElse(0L);
    long cut = boxes.size - kept - unchecked;
    Map<String, Long> counts = new TreeMap<>();
    counts.put("images", (long) groundTruth.imageIds().size());
    counts.put("ground_truth", (long) groundTruth.boxes().size);
    counts.put("crowd", (long) groundTruth.boxes().crowd.cardinality());
    counts.put("detections", (long) boxes.size);
    counts.put("dropped_unknown_category", results.unknownCategory());
    counts.put("dropped_over_max_dets", cut);
    counts.put("tied_pairs", classes.stream().mapToLong(ClassMatches::tiedPairs).sum());
    selection.ifPresent(any -> counts.put("dropped_unchecked", unchecked));
    List<String> warnings = new ArrayList<>(groundTruth.warnings());
    warnings.addAll(results.warnings());
    warnings.addAll(warnings(cut, boxes, settings));
    List<String> names = settings.classAgnostic() ? List.of("all") : groundTruth.categoryNames();
    return new MatchTable(
        groundTruth.imageIds().size(),
        names,
        settings.maxDets(),
        settings.pycocotools(),
        classes,
        counts,
        warnings);
  }

  /** The matches with equal scores inside an image in another order. */
  static List<ClassMatches> rearranged(
      GroundTruth groundTruth,
      DetectionResults results,
      EvaluatorSettings settings,
      List<ClassMatches> file,
      TieOrder order) {
    BoxTable boxes = results.boxes();
    Optional<FederatedSelection> selection =
        groundTruth.federation().map(f -> new FederatedSelection(groundTruth, f, boxes, settings));
    return new CocoEvaluator(groundTruth, boxes, settings)
        .each(selection, (c, matcher) -> matcher.rearranged(file.get(c), order));
  }

  private static List<String> warnings(long cut, BoxTable boxes, EvaluatorSettings settings) {
    List<String> warnings = new ArrayList<>();
    if (cut > 0) {
      warnings.add(
          cut
              + " detections beyond the best "
              + settings.lastMaxDets()
              + (settings.federated() ? " of their image" : " of their image and category")
              + " do not count");
    }
    if (allScoresEqual(boxes)) {
      warnings.add("all detections have the same score: the metrics follow the order of the file");
    }
    return warnings;
  }

  private static boolean allScoresEqual(BoxTable boxes) {
    for (int row = 1; row < boxes.size; row++) {
      if (boxes.score[row] != boxes.score[0]) {
        return false;
      }
    }
    return boxes.size > 1;
  }

  private interface Step {
    ClassMatches take(int category, ClassMatcher matcher);
  }

  private List<ClassMatches> each(Optional<FederatedSelection> selection, Step step) {
    int categories = gt.categoryNames().size();
    int[] groundTruthRows = rows(groundTruth);
    int[] rows = selection.map(s -> s.filter(rows(detections))).orElseGet(() -> rows(detections));
    if (settings.classAgnostic()) {
      return List.of(step.take(0, matcher(groundTruthRows, rows)));
    }
    int[] groundTruthEnds = ends(groundTruth, groundTruthRows, categories);
    int[] ends = ends(detections, rows, categories);
    return IntStream.range(0, categories)
        .parallel()
        .mapToObj(
            c ->
                step.take(
                    c, matcher(part(groundTruthRows, groundTruthEnds, c), part(rows, ends, c))))
        .toList();
  }

  private ClassMatcher matcher(int[] groundTruthRows, int[] rows) {
    return new ClassMatcher(gt, detections, settings, overlaps, groundTruthRows, rows);
  }

  private int[] rows(BoxTable boxes) {
    int categories = gt.categoryNames().size();
    int images = gt.imageIds().size();
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
}
