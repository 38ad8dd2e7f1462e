package downstream.segmentation.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.run.PairedValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Comparison of two sets of predictions for the same images. */
public final class SegmentationComparison {
  private static final int CONFUSIONS = 10;

  private SegmentationComparison() {}

  /** Pixels of one class taken for another, as shares of that class's true pixels. */
  private record Confusion(String name, double a, double b) {
    double change() {
      return Math.abs(a - b);
    }

    JsonNode json() {
      return new PairedValue(Optional.of(a), Optional.of(b)).json();
    }
  }

  /**
   * Compares two runs' counts.
   *
   * @return {@code metrics}, {@code per_class} (IoU) and {@code confusions} ("ground truth as
   *     prediction"): the pairs of classes whose share of mistaken pixels differs most, most first
   */
  public static JsonNode of(PerImageConfusion a, PerImageConfusion b) {
    if (!a.classes().equals(b.classes()) || !a.images().equals(b.images())) {
      throw new BadInput(
          "the two runs",
          "were scored on different images or classes",
          "Compare runs on the same data set and split");
    }
    ConfusionMatrix sumA = a.sum();
    ConfusionMatrix sumB = b.sum();
    SegmentationMetrics ofA = SegmentationMetrics.of(sumA);
    SegmentationMetrics ofB = SegmentationMetrics.of(sumB);
    ObjectNode result = Json.MAPPER.createObjectNode();
    ObjectNode metrics = result.putObject("metrics");
    var metricsB = ofB.metrics();
    ofA.metrics()
        .forEach(
            (name, value) ->
                metrics.set(
                    name,
                    new PairedValue(value, metricsB.getOrDefault(name, Optional.empty())).json()));
    ObjectNode perClass = result.putObject("per_class");
    for (int c = 0; c < a.classes().size(); c++) {
      perClass.set(
          a.classes().get(c),
          new PairedValue(ofA.classes().get(c).iou(), ofB.classes().get(c).iou()).json());
    }
    result.set("confusions", confusions(a.classes(), sumA, sumB));
    return result;
  }

  private static ObjectNode confusions(List<String> classes, ConfusionMatrix a, ConfusionMatrix b) {
    List<Confusion> all = new ArrayList<>();
    for (int t = 0; t < classes.size(); t++) {
      double pixels = a.groundTruth(t);
      for (int p = 0; p < classes.size(); p++) {
        if (t != p && a.count(t, p) != b.count(t, p)) {
          String name = classes.get(t) + " as " + classes.get(p);
          all.add(new Confusion(name, a.count(t, p) / pixels, b.count(t, p) / pixels));
        }
      }
    }
    ObjectNode largest = Json.MAPPER.createObjectNode();
    all.stream()
        .sorted(Comparator.comparingDouble(Confusion::change).reversed())
        .limit(CONFUSIONS)
        .forEach(confusion -> largest.set(confusion.name(), confusion.json()));
    return largest;
  }
}
