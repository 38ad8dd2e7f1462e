package downstream.detection.metrics.coco;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.detection.metrics.Federation;
import downstream.eval.Json;
import downstream.eval.task.Score;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** COCO's summary of a {@link MatchTable}: means over categories, empty where none counts. */
public final class CocoMetrics {
  private static final String[] SIZES = {"", "s", "m", "l"};
  public static final int AT_50 = 0;
  public static final int AT_75 = 5;

  /** Key of a class's count of ground-truth objects. */
  public static final String OBJECTS = "ground_truth";

  private static final int USUAL_LIMIT = 100;

  private CocoMetrics() {}

  /** The plain score: every image counts once. */
  public static Score score(MatchTable table) {
    double[] once = new double[table.images()];
    Arrays.fill(once, 1);
    return score(table, once);
  }

  /** The score with image i counted {@code imageWeights[i]} times. */
  public static Score score(MatchTable table, double[] imageWeights) {
    return score(table, byCategory(table, imageWeights));
  }

  /** Counts of each category, from which every metric follows. */
  public static List<CategoryMetrics> byCategory(MatchTable table, double[] imageWeights) {
    return IntStream.range(0, table.classes().size())
        .parallel()
        .mapToObj(c -> new CategoryMetrics(table.classes().get(c), table.maxDets(), imageWeights))
        .toList();
  }

  private static Score score(MatchTable table, List<CategoryMetrics> categories) {
    ObjectNode perClass = Json.MAPPER.createObjectNode();
    for (int c = 0; c < categories.size(); c++) {
      ObjectNode row = perClass.putObject(uniqueName(perClass, table.categoryNames().get(c)));
      summary(table, List.of(categories.get(c)))
          .forEach((name, value) -> row.put(name, value.orElse(null)));
      row.put(OBJECTS, categories.get(c).positives(0));
    }
    return new Score(summary(table, categories), perClass, table.counts(), table.warnings());
  }

  /** LVIS's summary: COCO's, and AP of rare, common and frequent categories. */
  public static Score federated(MatchTable table, Federation federation) {
    double[] once = new double[table.images()];
    Arrays.fill(once, 1);
    List<CategoryMetrics> categories = byCategory(table, once);
    Score score = score(table, categories);
    Map<String, Optional<Double>> metrics = new LinkedHashMap<>(score.metrics());
    for (String group : List.of("r", "c", "f")) {
      List<CategoryMetrics> members =
          IntStream.range(0, categories.size())
              .filter(c -> federation.frequency().get(c).equals(group))
              .mapToObj(categories::get)
              .toList();
      int all = ClassMatches.THRESHOLDS.length;
      metrics.put("AP" + group, mean(members, 0, f -> f.precision(0, 0, all)));
    }
    return new Score(metrics, score.perClass(), score.counts(), score.warnings());
  }

  /** The names of the metrics, AP first, with these limits of detections. */
  public static List<String> names(List<Integer> maxDets) {
    List<String> names = new java.util.ArrayList<>(List.of("AP", "AP50", "AP75"));
    names.addAll(List.of("APs", "APm", "APl"));
    maxDets.forEach(limit -> names.add("AR" + limit));
    names.addAll(List.of("ARs", "ARm", "ARl"));
    return names;
  }

  private static Map<String, Optional<Double>> summary(
      MatchTable table, List<CategoryMetrics> categories) {
    Map<String, Optional<Double>> metrics = new LinkedHashMap<>();
    int all = ClassMatches.THRESHOLDS.length;
    metrics.put("AP", mean(categories, 0, f -> f.precision(0, 0, all)));
    metrics.put("AP50", mean(categories, 0, f -> f.precision(0, AT_50, AT_50 + 1)));
    metrics.put("AP75", mean(categories, 0, f -> f.precision(0, AT_75, AT_75 + 1)));
    for (int i = 0; i < table.maxDets().size(); i++) {
      int limit = i;
      metrics.put("AR" + table.maxDets().get(i), mean(categories, 0, f -> f.recallAtLimit(limit)));
    }
    for (int size = 1; size < SIZES.length; size++) {
      int range = size;
      metrics.put("AP" + SIZES[size], mean(categories, range, f -> f.precision(range, 0, all)));
      metrics.put("AR" + SIZES[size], mean(categories, range, f -> f.recall(range)));
    }
    if (table.pycocotools() && !table.maxDets().contains(USUAL_LIMIT)) {
      metrics.put("AP", Optional.empty());
    }
    return metrics;
  }

  private static Optional<Double> mean(
      List<CategoryMetrics> categories, int range, ToDoubleFunction<CategoryMetrics> metric) {
    var mean =
        categories.stream().filter(f -> f.positives(range) > 0).mapToDouble(metric).average();
    return mean.isPresent() ? Optional.of(mean.getAsDouble()) : Optional.empty();
  }

  public static String uniqueName(ObjectNode taken, String name) {
    String unique = name;
    for (int i = 2; taken.has(unique); i++) {
      unique = name + " (" + i + ")";
    }
    return unique;
  }
}
