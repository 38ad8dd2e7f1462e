package downstream.detection.heads;

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
    int[] one = {
      15, 37, 57, 29, 34, 46, 22, 35, 6, 58, 9, 25, 20, 18, 31, 55, 5, 54, 45, 50, 33, 44, 40, 14,
      56, 38, 27, 12, 28, 52, 10, 21, 59, 53, 3, 43, 11
    };
    int[] three = {
      15, 37, 57, 29, 34, 46, 22, 35, 6, 58, 9, 25, 20, 18, 31, 8, 55, 5, 0, 54, 45, 50, 33, 44, 40,
      14, 56, 1, 38, 4, 2, 27, 12, 23, 28, 26, 19, 52, 10, 21, 59, 53, 3, 32, 17, 13, 42, 43, 11, 24
    };
    assertThat(Nms.keep(boxes, scores, new int[60], 0.3, 60)).containsExactly(one);
    assertThat(Nms.keep(boxes, scores, classes, 0.3, 60)).containsExactly(three);
  }

  @Test
  void boxes_are_coded_alike() {
    float[] proposals =
        Seeded.listed(
            """
            0.10402348 -0.18003884 0.0158241 -1.2181269 -1.4829018 1.99816 1.092953
            0.57245976 1.1367973 2.4553497 0.5664197 0.21808834 -2.773473 0.82977325
            -0.91795826 0.61504334 1.0065708 1.1904858 -0.7858266 -1.1678506 -2.254912
            -0.7283072 -0.39356625 -1.6246753
            """);
    float[] regions =
        Seeded.listed(
            """
            1.0402348 -1.8003885 0.0791205 -6.0906343 -14.829018 19.9816 5.4647646 2.8622987
            11.367973 24.553497 2.8320985 1.0904417 -27.73473 8.297733 -4.5897913 3.0752168
            10.065708 11.904858 -3.9291332 -5.839253 -22.549118 -7.283072 -1.9678313
            -8.123377
            """);
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
    float[] proposals =
        Seeded.listed(
            """
            81.38499 43.40492 90.50414 53.735813 23.602625 -36.82802 27.329073 138.72252
            -23.840183 -78.21825 41.039158 35.608723 67.735176 -55.792328 82.95606 239.06699
            76.4137 -16.299042 93.602646 -14.023415 -62.93694 143.92232 128.83171 175.76494
            """);
    float[] regions =
        Seeded.listed(
            """
            48.499115 31.873905 63.734833 45.31667 24.358063 35.673317 31.029934 55.579773
            23.777779 -6.428714 48.899742 20.667969 58.272854 27.423721 76.59372 62.802795
            19.666779 12.180066 43.6581 28.663528 50.118256 46.10204 78.175186 81.23532
            """);
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
        new ProposalFilter(25, 0.7, 30)
            .select(
                Seeded.boxes(100, 47),
                new int[] {60, 90, 100},
                Seeded.numbers(100, 53, 6, -3),
                Seeded.numbers(400, 59, 1, -0.5),
                90);
    float[] expected =
        Seeded.listed(
            """
            53.81348 24.864902 69.77698 81.15889 43.411423 53.635735 58.230064 69.0089
            53.749245 7.78395 70.0075 27.729202 8.984521 8.200964 21.578358 17.956326
            7.1357613 26.320042 26.65482 45.665157 13.8348 12.82233 36.331608 56.62791
            8.094712 54.059784 30.592693 90 37.374256 12.035962 79.60695 25.509815 31.437515
            18.719793 60.02095 34.370613 22.808744 56.80928 44.43766 78.688126 24.982428
            60.310257 38.444702 83.72632 57.78222 49.551544 83.51844 80.85487 54.43064 0
            79.00048 12.309418 64.91726 47.14339 90 58.376926 3.6579356 23.91327 17.687813
            47.07122 18.50391 15.779514 39.02331 60.78668 65.663864 8.404463 87.102615
            11.191355 11.386086 6.9858265 44.311172 13.750906 8.939475 26.475767 33.879337
            53.09301 0 2.9459965 28.73056 10.11341 64.528076 34.400078 73.8114 70.86233
            31.768545 18.161879 88.105 29.251993 40.75661 42.33231 62.448612 70.705086
            34.0496 19.792553 49.30648 25.54871 44.03041 19.102528 64.17218 27.579418
            50.50069 0 61.80646 18.385307 18.433723 16.373192 51.148575 50.417015 39.476578
            27.45187 64.67701 52.30537 13.287943 51.456615 65.76865 66.24452 16.387203
            1.7532558 45.983166 39.16002
            """);
    assertThat(selected).containsExactly(expected, within(CLOSE));
  }

  @Test
  void focal_loss_and_its_gradient_agree() {
    float[] drawn = Seeded.numbers(12, 41);
    float[] groundTruth = new float[12];
    for (int i = 0; i < 12; i++) {
      groundTruth[i] = drawn[i] > 0.6f ? 1 : 0;
    }
    float[] gradient =
        Seeded.listed(
            """
            1.7655493e-05 -3.014462e-05 0.11750839 -0.092141375 0.0018790353 0.81417096
            0.027720895 0.72372866 0.818107 -0.19238633 0.5993874 -0.0036226413
            """);
    float sum = 5.850338f;
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
    float[] gradient =
        Seeded.listed(
            """
            -0.0410355 -0.0318878 -0.0395527 -0.0226221 -0.0426354 0.0356237 -0.0234878
            0.008007 0.0202899 -0.0192237 -0.022779 -0.0324295 0.0245846 0.015606 -0.0395527
            -0.0226221 0.0241426 -0.0187934 0.0137813 -0.0297495 -0.0257008 -0.0192237
            0.0108949 -0.0324295
            """);
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(1, 4, 6);
      NDArray found = manager.create(Seeded.numbers(24, 61, 19, 1), shape);
      NDArray groundTruth = manager.create(Seeded.numbers(24, 67, 19, 1), shape);
      found.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray loss = HeadLosses.giou(found, groundTruth, manager.ones(new Shape(1, 1, 6)));
        assertThat(loss.getFloat()).isCloseTo(3.918258f, within(1e-05f));
        collector.backward(loss);
      }
      assertThat(found.getGradient().toFloatArray()).containsExactly(gradient, within(1e-06f));
    }
  }
}
