package downstream.eval.confusion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.run.PairedValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Comparison of two runs on the same images, by metric, by class and by confused classes. */
public final class ConfusionComparison {
  private static final int CONFUSIONS = 10;

  private ConfusionComparison() {}

  /**
   * One side of a comparison: a run.
   *
   * @param classes names of its classes
   * @param images names of the images that it was scored on
   * @param metrics by name
   * @param perClass one value for each class
   */
  public record Run(
      List<String> classes,
      List<String> images,
      Map<String, Optional<Double>> metrics,
      List<Optional<Double>> perClass,
      ConfusionCounts counts) {}

  /** Share of a class that is taken for another class, in both runs. */
  private record Confused(String name, double a, double b) {
    double change() {
      return Math.abs(a - b);
    }
  }

  /**
   * Compares two runs.
   *
   * @return {@code metrics}, {@code per_class} and {@code confusions} ("ground truth as
   *     prediction"): the pairs of classes whose share of mistakes differs most, most first
   * @throws BadInput if they were not scored on the same images and classes
   */
  public static JsonNode of(Run a, Run b) {
    if (!a.classes().equals(b.classes()) || !a.images().equals(b.images())) {
      throw new BadInput(
          "the two runs",
          "were scored on different images or classes",
          "Compare runs on the same data set and split");
    }
    ObjectNode result = Json.MAPPER.createObjectNode();
    ObjectNode metrics = result.putObject("metrics");
    a.metrics()
        .forEach(
            (name, value) ->
                metrics.set(name, pair(value, b.metrics().getOrDefault(name, Optional.empty()))));
    ObjectNode perClass = result.putObject("per_class");
    for (int c = 0; c < a.classes().size(); c++) {
      perClass.set(a.classes().get(c), pair(a.perClass().get(c), b.perClass().get(c)));
    }
    result.set("confusions", confusions(a.classes(), a.counts(), b.counts()));
    return result;
  }

  private static JsonNode pair(Optional<Double> a, Optional<Double> b) {
    return new PairedValue(a, b).json();
  }

  private static ObjectNode confusions(List<String> classes, ConfusionCounts a, ConfusionCounts b) {
    List<Confused> all = new ArrayList<>();
    for (int t = 0; t < classes.size(); t++) {
      double ofClass = a.groundTruth(t);
      for (int p = 0; p < classes.size(); p++) {
        if (t != p && a.count(t, p) != b.count(t, p)) {
          String name = classes.get(t) + " as " + classes.get(p);
          all.add(new Confused(name, a.count(t, p) / ofClass, b.count(t, p) / ofClass));
        }
      }
    }
    ObjectNode largest = Json.MAPPER.createObjectNode();
    all.stream()
        .sorted(Comparator.comparingDouble(Confused::change).reversed())
        .limit(CONFUSIONS)
        .forEach(
            pair -> largest.set(pair.name(), pair(Optional.of(pair.a()), Optional.of(pair.b()))));
    return largest;
  }
}
