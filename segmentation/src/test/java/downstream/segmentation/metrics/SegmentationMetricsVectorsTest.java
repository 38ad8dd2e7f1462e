package downstream.segmentation.metrics;

import static downstream.segmentation.metrics.Given.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Reference values of three other programs. */
class SegmentationMetricsVectorsTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-12);

  @Test
  void reproduces_the_reference_values() {
    Path file =
        Path.of(System.getProperty("downstream.shared", "shared"), "vectors/miou_vectors.json");
    assumeTrue(Files.isRegularFile(file), "the reference values are not on this machine: " + file);
    JsonNode cases = Json.read(file);
    assertThat(cases).hasSizeGreaterThanOrEqualTo(5);
    cases.properties().forEach(c -> check(c.getKey(), c.getValue()));
  }

  private static void check(String name, JsonNode vector) {
    ConfusionMatrix matrix = new ConfusionMatrix(vector.get("num_classes").intValue());
    for (int i = 0; i < vector.get("gts").size(); i++) {
      matrix.add(
          name + " " + i, pixels(vector.get("gts").get(i)), pixels(vector.get("preds").get(i)));
    }
    JsonNode expected = vector.get("expected");
    assertThat(Json.canonical(matrix.rows()))
        .as(name)
        .isEqualTo(Json.canonical(expected.get("confusion")));
    checkFigures(SegmentationMetrics.of(matrix), expected);
  }

  private static void checkFigures(SegmentationMetrics agreement, JsonNode expected) {
    JsonNode mmseg = expected.get("mmseg");
    for (String name : new String[] {"mIoU", "mAcc", "aAcc", "mDice"}) {
      same(metric(agreement.metrics(), name), mmseg.get(name));
    }
    for (int c = 0; c < agreement.classes().size(); c++) {
      same(agreement.classes().get(c).iou(), mmseg.get("IoU").get(c));
      same(agreement.classes().get(c).accuracy(), mmseg.get("Acc").get(c));
    }
    JsonNode detectron = expected.get("detectron2");
    same(metric(agreement.metrics(), "mIoU.detectron2"), detectron.get("mIoU"));
    same(metric(agreement.metrics(), "mAcc"), detectron.get("mACC"));
    same(metric(agreement.metrics(), "aAcc"), detectron.get("pACC"));
    same(metric(agreement.metrics(), "fwIoU"), detectron.get("fwIoU"));
    same(metric(agreement.metrics(), "mIoU.torchvision"), expected.get("torchvision").get("mIoU"));
  }

  private static void same(Optional<Double> actual, JsonNode expected) {
    if (expected.isNull()) {
      assertThat(actual).isEmpty();
    } else {
      assertThat(actual.orElseThrow()).isEqualTo(expected.doubleValue(), EXACT);
    }
  }

  private static byte[] pixels(JsonNode rows) {
    int width = rows.get(0).size();
    byte[] pixels = new byte[rows.size() * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) rows.get(i / width).get(i % width).intValue();
    }
    return pixels;
  }
}
