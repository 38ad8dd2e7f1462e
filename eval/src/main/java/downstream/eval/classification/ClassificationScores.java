package downstream.eval.classification;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.task.Score;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a confusion matrix into a task's score. */
final class ClassificationScores {
  static final String TOP_1 = "top1";
  static final String TOP_5 = "top5";
  static final String MEAN_ACCURACY = "mAcc";

  private ClassificationScores() {}

  static Score of(Confusion confusion, List<String> classes) {
    return new Score(
        metrics(confusion),
        perClass(confusion, classes),
        Map.of("images", confusion.images(), "examples", confusion.examples()),
        warnings(confusion, classes));
  }

  static Map<String, Optional<Double>> metrics(Confusion confusion) {
    Map<String, Optional<Double>> metrics = new LinkedHashMap<>();
    metrics.put(TOP_1, confusion.topOne());
    metrics.put(TOP_5, confusion.topFive());
    metrics.put(MEAN_ACCURACY, confusion.meanAccuracy());
    return metrics;
  }

  private static ObjectNode perClass(Confusion confusion, List<String> classes) {
    ObjectNode perClass = Json.MAPPER.createObjectNode();
    for (int label = 0; label < classes.size(); label++) {
      perClass
          .putObject(classes.get(label))
          .put("accuracy", confusion.accuracy(label).orElse(null))
          .put("examples", confusion.groundTruth(label))
          .put("predicted", confusion.predicted(label));
    }
    return perClass;
  }

  private static List<String> warnings(Confusion confusion, List<String> classes) {
    List<String> warnings = new ArrayList<>();
    if (classes.size() <= TopClassesFile.KEPT) {
      warnings.add(
          "top5 is not computed: the five best of " + classes.size() + " classes are all of them");
    }
    for (int label = 0; label < classes.size(); label++) {
      if (confusion.groundTruth(label) == 0) {
        warnings.add("class '" + classes.get(label) + "' has no example: left out of mAcc");
      }
    }
    return warnings;
  }
}
