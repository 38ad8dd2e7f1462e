package downstream.segmentation.metrics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.task.Score;
import downstream.eval.task.SelfTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Scores and warnings that follow from a confusion matrix. */
public final class SegmentationScores {
  /** A change that moves any metric, boundary IoU and panoptic quality included, is a new one. */
  static final String EVALUATOR_VERSION = "1";

  private SegmentationScores() {}

  /**
   * @param images how many images the matrix counts
   */
  public static Score of(ConfusionMatrix matrix, List<String> classes, long images) {
    SegmentationMetrics metrics = SegmentationMetrics.of(matrix);
    return new Score(
        metrics.metrics(),
        perClass(metrics, classes),
        Map.of("images", images, "pixels", matrix.total(), "ignored_pixels", matrix.dropped()),
        warnings(metrics, classes));
  }

  /** The score with image i counted {@code imageWeights[i]} times. */
  public static Score resample(PerImageConfusion perImage, double[] imageWeights) {
    long images = Arrays.stream(imageWeights).mapToLong(PerImageConfusion::whole).sum();
    return of(perImage.sum(imageWeights), perImage.classes(), images);
  }

  /** Scores the bundled reference cases. */
  public static SelfTest selfTest() {
    return SegmentationReferenceCases.test();
  }

  private static ObjectNode perClass(SegmentationMetrics metrics, List<String> classes) {
    ObjectNode perClass = Json.MAPPER.createObjectNode();
    for (int c = 0; c < classes.size(); c++) {
      SegmentationMetrics.OfClass of = metrics.classes().get(c);
      perClass
          .putObject(classes.get(c))
          .put("IoU", of.iou().orElse(null))
          .put("Acc", of.accuracy().orElse(null))
          .put("Dice", of.dice().orElse(null))
          .put("ground_truth_pixels", of.groundTruth())
          .put("predicted_pixels", of.predicted());
    }
    return perClass;
  }

  private static List<String> warnings(SegmentationMetrics metrics, List<String> classes) {
    List<String> warnings = new ArrayList<>();
    for (int c = 0; c < classes.size(); c++) {
      SegmentationMetrics.OfClass of = metrics.classes().get(c);
      if (of.union() == 0) {
        warnings.add(
            "class '"
                + classes.get(c)
                + "' is neither true nor predicted anywhere: left out of"
                + " mIoU, and torchvision's mean does not exist");
      } else if (of.groundTruth() == 0) {
        warnings.add(
            "class '"
                + classes.get(c)
                + "' is true nowhere, but predicted in "
                + of.predicted()
                + " pixels: it counts as IoU 0 in mIoU and is left out of detectron2's");
      }
    }
    return warnings;
  }
}
