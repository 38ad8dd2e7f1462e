package downstream.segmentation.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Where one set of predictions differs from another of the same pictures: b minus a. */
public final class Comparison {
  private static final int CONFUSIONS = 10;

  private Comparison() {}

  /** Pixels of one class taken for another, as a share of that class's true pixels. */
  private record Confusion(String truth, String prediction, double a, double b) {
    double difference() {
      return b - a;
    }
  }

  /**
   * @return {@code metrics} and {@code perClass} (IoU), each as {a, b, difference} with null where
   *     a figure does not exist, and {@code confusions}: the pairs of classes whose share of
   *     mistaken pixels changed most
   */
  public static JsonNode of(PictureMatrices a, PictureMatrices b) {
    if (!a.classes().equals(b.classes()) || !a.pictures().equals(b.pictures())) {
      throw new BadInput(
          "statistics", "are of different pictures or classes", "Compare runs on the same data");
    }
    ConfusionMatrix sumA = a.sum();
    ConfusionMatrix sumB = b.sum();
    Agreement ofA = Agreement.of(sumA);
    Agreement ofB = Agreement.of(sumB);
    ObjectNode result = Json.MAPPER.createObjectNode();
    ObjectNode metrics = result.putObject("metrics");
    var metricsB = ofB.metrics();
    ofA.metrics()
        .forEach(
            (name, value) ->
                put(metrics, name, value, metricsB.getOrDefault(name, Optional.empty())));
    ObjectNode perClass = result.putObject("perClass");
    for (int c = 0; c < a.classes().size(); c++) {
      put(perClass, a.classes().get(c), ofA.classes().get(c).iou(), ofB.classes().get(c).iou());
    }
    result.set("confusions", confusions(a.classes(), sumA, sumB));
    return result;
  }

  private static void put(ObjectNode into, String name, Optional<Double> a, Optional<Double> b) {
    into.putObject(name)
        .put("a", a.orElse(null))
        .put("b", b.orElse(null))
        .put("difference", a.flatMap(x -> b.map(y -> y - x)).orElse(null));
  }

  private static ArrayNode confusions(List<String> classes, ConfusionMatrix a, ConfusionMatrix b) {
    List<Confusion> all = new ArrayList<>();
    for (int t = 0; t < classes.size(); t++) {
      double pixels = a.truth(t);
      for (int p = 0; p < classes.size(); p++) {
        if (t != p && a.count(t, p) != b.count(t, p)) {
          all.add(
              new Confusion(
                  classes.get(t), classes.get(p), a.count(t, p) / pixels, b.count(t, p) / pixels));
        }
      }
    }
    all.sort(Comparator.comparingDouble((Confusion c) -> -Math.abs(c.difference())));
    ArrayNode largest = Json.MAPPER.createArrayNode();
    for (Confusion c : all.subList(0, Math.min(CONFUSIONS, all.size()))) {
      largest
          .addObject()
          .put("truth", c.truth())
          .put("prediction", c.prediction())
          .put("a", c.a())
          .put("b", c.b())
          .put("difference", c.difference());
    }
    return largest;
  }
}
