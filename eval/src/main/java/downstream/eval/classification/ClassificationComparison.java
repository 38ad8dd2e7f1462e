package downstream.eval.classification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.run.PairedValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Comparison of two sets of predictions for the same examples. */
final class ClassificationComparison {
  private static final int CONFUSIONS = 10;

  private ClassificationComparison() {}

  /** Share of a class's examples that are taken for another class, in both runs. */
  private record Pair(String name, double a, double b) {
    double change() {
      return Math.abs(a - b);
    }
  }

  /**
   * Compares two runs.
   *
   * @return {@code metrics}, {@code per_class} (accuracy) and {@code confusions} ("label as
   *     prediction"): the pairs of classes whose share of mistaken examples differs most
   */
  static JsonNode of(ClassificationStatistics a, ClassificationStatistics b) {
    List<String> classes = a.classes();
    List<String> images = a.images().stream().map(ImageOutcome::image).toList();
    if (!classes.equals(b.classes())
        || !images.equals(b.images().stream().map(ImageOutcome::image).toList())) {
      throw new BadInput(
          "the two runs",
          "were scored on different images or classes",
          "Compare runs on the same data set and split");
    }
    Confusion sumA = a.sum();
    Confusion sumB = b.sum();
    ObjectNode result = Json.MAPPER.createObjectNode();
    ObjectNode metrics = result.putObject("metrics");
    var metricsB = ClassificationScores.metrics(sumB);
    ClassificationScores.metrics(sumA)
        .forEach(
            (name, value) ->
                metrics.set(name, pair(value, Objects.requireNonNull(metricsB.get(name)))));
    ObjectNode perClass = result.putObject("per_class");
    for (int label = 0; label < classes.size(); label++) {
      perClass.set(classes.get(label), pair(sumA.accuracy(label), sumB.accuracy(label)));
    }
    result.set("confusions", confusions(classes, sumA, sumB));
    return result;
  }

  private static JsonNode pair(Optional<Double> a, Optional<Double> b) {
    return new PairedValue(a, b).json();
  }

  private static ObjectNode confusions(List<String> classes, Confusion a, Confusion b) {
    List<Pair> pairs = new ArrayList<>();
    for (int t = 0; t < classes.size(); t++) {
      double inA = a.examples(t);
      double inB = b.examples(t);
      for (int p = 0; p < classes.size(); p++) {
        if (t != p && a.count(t, p) != b.count(t, p)) {
          String name = classes.get(t) + " as " + classes.get(p);
          pairs.add(new Pair(name, a.count(t, p) / inA, b.count(t, p) / inB));
        }
      }
    }
    ObjectNode largest = Json.MAPPER.createObjectNode();
    pairs.stream()
        .sorted(Comparator.comparingDouble(Pair::change).reversed())
        .limit(CONFUSIONS)
        .forEach(
            pair -> largest.set(pair.name(), pair(Optional.of(pair.a()), Optional.of(pair.b()))));
    return largest;
  }
}
