package downstream.detection.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
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
    int[] one = {
      15, 37, 57, 29, 34, 46, 22, 35, 6, 58, 9, 25, 20, 18, 31, 55, 5, 54, 45, 50, 33, 44, 40, 14,
      56, 38, 27, 12, 28, 52, 10, 21, 59, 53, 3, 43, 11
    };
    int[] three = {
      15, 37, 57, 29, 34, 46, 22, 35, 6, 58, 9, 25, 20, 18, 31, 8, 55, 5, 0, 54, 45, 50, 33, 44, 40,
      14, 56, 1, 38, 4, 2, 27, 12, 23, 28, 26, 19, 52, 10, 21, 59, 53, 3, 32, 17, 13, 42, 43, 11, 24
    };
    assertThat(Suppression.keep(boxes, scores, new int[60], 0.3, 60)).containsExactly(one);
    assertThat(Suppression.keep(boxes, scores, classes, 0.3, 60)).containsExactly(three);
  }

  @Test
  void boxes_are_coded_alike() {
    float[] proposals = {
      0.10402348f,
      -0.18003884f,
      0.0158241f,
      -1.2181269f,
      -1.4829018f,
      1.99816f,
      1.092953f,
      0.57245976f,
      1.1367973f,
      2.4553497f,
      0.5664197f,
      0.21808834f,
      -2.773473f,
      0.82977325f,
      -0.91795826f,
      0.61504334f,
      1.0065708f,
      1.1904858f,
      -0.7858266f,
      -1.1678506f,
      -2.254912f,
      -0.7283072f,
      -0.39356625f,
      -1.6246753f
    };
    float[] regions = {
      1.0402348f,
      -1.8003885f,
      0.0791205f,
      -6.0906343f,
      -14.829018f,
      19.9816f,
      5.4647646f,
      2.8622987f,
      11.367973f,
      24.553497f,
      2.8320985f,
      1.0904417f,
      -27.73473f,
      8.297733f,
      -4.5897913f,
      3.0752168f,
      10.065708f,
      11.904858f,
      -3.9291332f,
      -5.839253f,
      -22.549118f,
      -7.283072f,
      -1.9678313f,
      -8.123377f
    };
    assertThat(encoded(BoxCoding.PROPOSALS)).containsExactly(proposals, within(CLOSE));
    assertThat(encoded(BoxCoding.REGIONS)).containsExactly(regions, within(CLOSE));
  }

  private static float[] encoded(BoxCoding coding) {
    float[] codes = new float[24];
    for (int i = 0; i < 6; i++) {
      coding.encode(Seeded.boxes(6, 17), i, Seeded.boxes(6, 19), i, codes, 4 * i);
    }
    return codes;
  }

  @Test
  void codes_are_read_alike_large_ones_cut_off() {
    float[] proposals = {
      81.38499f,
      43.40492f,
      90.50414f,
      53.735813f,
      23.602625f,
      -36.82802f,
      27.329073f,
      138.72252f,
      -23.840183f,
      -78.21825f,
      41.039158f,
      35.608723f,
      67.735176f,
      -55.792328f,
      82.95606f,
      239.06699f,
      76.4137f,
      -16.299042f,
      93.602646f,
      -14.023415f,
      -62.93694f,
      143.92232f,
      128.83171f,
      175.76494f
    };
    float[] regions = {
      48.499115f,
      31.873905f,
      63.734833f,
      45.31667f,
      24.358063f,
      35.673317f,
      31.029934f,
      55.579773f,
      23.777779f,
      -6.428714f,
      48.899742f,
      20.667969f,
      58.272854f,
      27.423721f,
      76.59372f,
      62.802795f,
      19.666779f,
      12.180066f,
      43.6581f,
      28.663528f,
      50.118256f,
      46.10204f,
      78.175186f,
      81.23532f
    };
    assertThat(decoded(BoxCoding.PROPOSALS)).containsExactly(proposals, within(1e-04f));
    assertThat(decoded(BoxCoding.REGIONS)).containsExactly(regions, within(CLOSE));
  }

  private static float[] decoded(BoxCoding coding) {
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
    int[] ofProposals = {
      -2, -1, -1, -1, -1, -1, -1, -1, -2, -1, -1, -1, -2, -2, -2, -1, -1, -1, -1, -2, -2, -1, -1,
      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -2, -1, -1, -1, -2, -1, -1, -1, -1, -1, -1, 6, -1, -2,
      -1, -2, -1, -1, -1, -2, -2, -1, -1, -2, -2, -2, -1, -2, -1, -1, -1, -2, -2, -1, -1, -1, 1, -1,
      -1, -1, -2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -2,
      -1, -2, -1, -2, -2, -1, -1, -1, -1, -1, -1, -2, 3, -1, -1, -1, -1, -1, -1, -1, -1, -2, -1, -1,
      2, -1, -1, -1, -1, -1, -2, -1, -1, -1, -1, -1, -1, -1, -2, -1, -1, -1, -1, -1, -1, -1, -1, -1,
      -1, -1, -1, -1, -1, -2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, -1,
      7, -1, 4, -1, -2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 5, -1, -2, -1, -1, -1,
      -1, -1, -1, -1, -1, -2, -1, -1, -1, -1
    };
    int[] ofRegions = {
      0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 6, -1, -1, -1, -1,
      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 6, -1, -1, -1,
      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
      -1, 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0,
      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1
    };
    assertThat(new Matcher(0.3, 0.7, true).match(anchors, objects)).containsExactly(ofProposals);
    assertThat(new Matcher(0.5, 0.5, false).match(anchors, objects)).containsExactly(ofRegions);
  }

  @Test
  void the_same_proposals_are_selected() {
    float[] selected =
        new ProposalSelection(25, 0.7, 30)
            .select(
                Seeded.boxes(100, 47),
                new int[] {60, 90, 100},
                Seeded.numbers(100, 53, 6, -3),
                Seeded.numbers(400, 59, 1, -0.5),
                90);
    float[] expected = {
      53.81348f,
      24.864902f,
      69.77698f,
      81.15889f,
      43.411423f,
      53.635735f,
      58.230064f,
      69.0089f,
      53.749245f,
      7.78395f,
      70.0075f,
      27.729202f,
      8.984521f,
      8.200964f,
      21.578358f,
      17.956326f,
      7.1357613f,
      26.320042f,
      26.65482f,
      45.665157f,
      13.8348f,
      12.82233f,
      36.331608f,
      56.62791f,
      8.094712f,
      54.059784f,
      30.592693f,
      90,
      37.374256f,
      12.035962f,
      79.60695f,
      25.509815f,
      31.437515f,
      18.719793f,
      60.02095f,
      34.370613f,
      22.808744f,
      56.80928f,
      44.43766f,
      78.688126f,
      24.982428f,
      60.310257f,
      38.444702f,
      83.72632f,
      57.78222f,
      49.551544f,
      83.51844f,
      80.85487f,
      54.43064f,
      0,
      79.00048f,
      12.309418f,
      64.91726f,
      47.14339f,
      90,
      58.376926f,
      3.6579356f,
      23.91327f,
      17.687813f,
      47.07122f,
      18.50391f,
      15.779514f,
      39.02331f,
      60.78668f,
      65.663864f,
      8.404463f,
      87.102615f,
      11.191355f,
      11.386086f,
      6.9858265f,
      44.311172f,
      13.750906f,
      8.939475f,
      26.475767f,
      33.879337f,
      53.09301f,
      0,
      2.9459965f,
      28.73056f,
      10.11341f,
      64.528076f,
      34.400078f,
      73.8114f,
      70.86233f,
      31.768545f,
      18.161879f,
      88.105f,
      29.251993f,
      40.75661f,
      42.33231f,
      62.448612f,
      70.705086f,
      34.0496f,
      19.792553f,
      49.30648f,
      25.54871f,
      44.03041f,
      19.102528f,
      64.17218f,
      27.579418f,
      50.50069f,
      0,
      61.80646f,
      18.385307f,
      18.433723f,
      16.373192f,
      51.148575f,
      50.417015f,
      39.476578f,
      27.45187f,
      64.67701f,
      52.30537f,
      13.287943f,
      51.456615f,
      65.76865f,
      66.24452f,
      16.387203f,
      1.7532558f,
      45.983166f,
      39.16002f
    };
    assertThat(selected).containsExactly(expected, within(CLOSE));
  }

  @Test
  void focal_loss_and_its_gradient_agree() {
    float[] drawn = Seeded.numbers(12, 41);
    float[] truth = new float[12];
    for (int i = 0; i < 12; i++) {
      truth[i] = drawn[i] > 0.6f ? 1 : 0;
    }
    float[] gradient = {
      1.7655493e-05f,
      -3.014462e-05f,
      0.11750839f,
      -0.092141375f,
      0.0018790353f,
      0.81417096f,
      0.027720895f,
      0.72372866f,
      0.818107f,
      -0.19238633f,
      0.5993874f,
      -0.0036226413f
    };
    float sum = 5.850338f;
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray logits = manager.create(Seeded.numbers(12, 37, 8, -4), new Shape(12));
      logits.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray loss = HeadLosses.focal(logits, manager.create(truth), 0.25f, 2);
        assertThat(loss.getFloat()).isCloseTo(sum, within(1e-05f));
        collector.backward(loss);
      }
      assertThat(logits.getGradient().toFloatArray()).containsExactly(gradient, within(1e-06f));
    }
  }

  @Test
  void smooth_l1_agrees_for_every_beta() {
    float[] ninth = {0.7521007f, 0.86363244f, 0.016401954f, 0.21766546f, 0.41699556f, 0.32151273f};
    float[] one = {0.32615435f, 0.4224533f, 0.0018224393f, 0.03732486f, 0.11165228f, 0.071090244f};
    float[] none = {0.8076563f, 0.919188f, 0.06037283f, 0.27322102f, 0.4725511f, 0.37706828f};
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
    float[] gradient = {
      -0.0410355f,
      -0.0318878f,
      -0.0395527f,
      -0.0226221f,
      -0.0426354f,
      0.0356237f,
      -0.0234878f,
      0.008007f,
      0.0202899f,
      -0.0192237f,
      -0.022779f,
      -0.0324295f,
      0.0245846f,
      0.015606f,
      -0.0395527f,
      -0.0226221f,
      0.0241426f,
      -0.0187934f,
      0.0137813f,
      -0.0297495f,
      -0.0257008f,
      -0.0192237f,
      0.0108949f,
      -0.0324295f
    };
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(1, 4, 6);
      NDArray found = manager.create(Seeded.numbers(24, 61, 19, 1), shape);
      NDArray truth = manager.create(Seeded.numbers(24, 67, 19, 1), shape);
      found.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray loss = HeadLosses.giou(found, truth, manager.ones(new Shape(1, 1, 6)));
        assertThat(loss.getFloat()).isCloseTo(3.918258f, within(1e-05f));
        collector.backward(loss);
      }
      assertThat(found.getGradient().toFloatArray()).containsExactly(gradient, within(1e-06f));
    }
  }
}
