package downstream.detection.heads;

import static downstream.detection.heads.TorchvisionValues.floats;
import static downstream.detection.heads.TorchvisionValues.ints;
import static downstream.detection.heads.TorchvisionValues.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import downstream.detection.boxes.BoxCoder;
import downstream.detection.boxes.Nms;
import downstream.detection.targets.Matcher;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The parts of detectors against what torchvision 0.14 gives for the same seeded inputs. */
class TorchvisionTest {
  private static final float CLOSE = 2e-05f;

  @Test
  void suppression_keeps_the_same_boxes() {
    float[] boxes = Seeded.boxes(60, 7);
    float[] scores = Seeded.numbers(60, 11);
    int[] classes = new int[60];
    float[] drawn = Seeded.numbers(60, 13);
    Arrays.setAll(classes, i -> (int) (3 * drawn[i]));
    assertThat(Nms.keep(boxes, scores, new int[60], 0.3, 60))
        .containsExactly(ints("/suppression/one_class"));
    assertThat(Nms.keep(boxes, scores, classes, 0.3, 60))
        .containsExactly(ints("/suppression/three_classes"));
  }

  @Test
  void boxes_are_coded_alike() {
    float[] proposals = floats("/proposal_coding/encoded");
    float[] regions = floats("/region_coding/encoded");
    assertThat(encoded(BoxCoder.PROPOSALS)).containsExactly(proposals, within(CLOSE));
    assertThat(encoded(BoxCoder.REGIONS)).containsExactly(regions, within(CLOSE));
  }

  private static float[] encoded(BoxCoder coding) {
    float[] codes = new float[24];
    for (int i = 0; i < 6; i++) {
      coding.encode(Seeded.boxes(6, 17), i, Seeded.boxes(6, 19), i, codes, 4 * i);
    }
    return codes;
  }

  @Test
  void codes_are_read_alike_large_ones_cut_off() {
    float[] proposals = floats("/proposal_coding/decoded");
    float[] regions = floats("/region_coding/decoded");
    assertThat(decoded(BoxCoder.PROPOSALS)).containsExactly(proposals, within(1e-04f));
    assertThat(decoded(BoxCoder.REGIONS)).containsExactly(regions, within(CLOSE));
  }

  private static float[] decoded(BoxCoder coding) {
    float[] boxes = new float[24];
    for (int i = 0; i < 6; i++) {
      float[] codes = Seeded.numbers(24, 23, 6, -3);
      coding.decode(Seeded.boxes(6, 17), i, codes, 4 * i, boxes, 4 * i);
    }
    return boxes;
  }

  @Test
  void anchors_and_regions_are_matched_to_the_same_objects() {
    float[] anchors = Seeded.boxes(200, 29);
    float[] objects = Seeded.boxes(8, 31);
    int[] ofProposals = ints("/proposal_matches");
    int[] ofRegions = ints("/region_matches");
    assertThat(new Matcher(0.3, 0.7, true).match(anchors, objects)).containsExactly(ofProposals);
    assertThat(new Matcher(0.5, 0.5, false).match(anchors, objects)).containsExactly(ofRegions);
  }

  @Test
  void the_same_proposals_are_selected() {
    float[] selected =
        new ProposalFilter(25, 0.7, 30)
            .select(
                Seeded.boxes(100, 47),
                new int[] {60, 90, 100},
                Seeded.numbers(100, 53, 6, -3),
                Seeded.numbers(400, 59, 1, -0.5),
                90);
    float[] expected = floats("/proposals");
    assertThat(selected).containsExactly(expected, within(CLOSE));
  }

  @Test
  void focal_loss_and_its_gradient_agree() {
    float[] drawn = Seeded.numbers(12, 41);
    float[] groundTruth = new float[12];
    for (int i = 0; i < 12; i++) {
      groundTruth[i] = drawn[i] > 0.6f ? 1 : 0;
    }
    float[] gradient = floats("/focal/gradient");
    float sum = number("/focal/sum");
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray logits = manager.create(Seeded.numbers(12, 37, 8, -4), new Shape(12));
      logits.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray loss = HeadLosses.focal(logits, manager.create(groundTruth), 0.25f, 2);
        assertThat(loss.getFloat()).isCloseTo(sum, within(1e-05f));
        collector.backward(loss);
      }
      assertThat(logits.getGradient().toFloatArray()).containsExactly(gradient, within(1e-06f));
    }
  }

  @Test
  void smooth_l1_agrees_for_every_beta() {
    float[] ninth = floats("/smooth_l1/ninth");
    float[] one = floats("/smooth_l1/one");
    float[] none = floats("/smooth_l1/zero");
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray error = manager.create(Seeded.numbers(6, 43, 2, -1));
      assertThat(HeadLosses.smoothL1(error, 1.0 / 9).toFloatArray())
          .containsExactly(ninth, within(1e-06f));
      assertThat(HeadLosses.smoothL1(error, 1).toFloatArray()).containsExactly(one, within(1e-06f));
      assertThat(HeadLosses.smoothL1(error, 0).toFloatArray())
          .containsExactly(none, within(1e-06f));
    }
  }

  @Test
  void generalised_iou_loss_and_its_gradient_agree() {
    float[] gradient = floats("/giou/gradient");
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(1, 4, 6);
      NDArray found = manager.create(Seeded.numbers(24, 61, 19, 1), shape);
      NDArray groundTruth = manager.create(Seeded.numbers(24, 67, 19, 1), shape);
      found.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray loss = HeadLosses.giou(found, groundTruth, manager.ones(new Shape(1, 1, 6)));
        assertThat(loss.getFloat()).isCloseTo(number("/giou/sum"), within(1e-05f));
        collector.backward(loss);
      }
      assertThat(found.getGradient().toFloatArray()).containsExactly(gradient, within(1e-06f));
    }
  }
}
