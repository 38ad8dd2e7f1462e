package downstream.detection.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import downstream.detection.boxes.PyramidShape;
import downstream.detection.boxes.RoiBatch;
import downstream.detection.heads.Seeded;
import downstream.detection.heads.TorchvisionValues;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recorded values are those of torchvision 0.14's roi_align, aligned, at scale 1/4. */
class RoiAlignTest {
  private static final RoiBatch REGIONS =
      new RoiBatch(
          new float[] {
            3.3f, 5.1f, 40.2f, 30.7f, 0, 0, 47.9f, 35.5f, 20, 10, 23, 12.5f, -3, 4, 60, 50
          },
          new int[] {0, 1, 0, 1});

  @ParameterizedTest
  @CsvSource({"2,two_samples", "0,adaptive"})
  void pools_a_map_and_its_gradient_as_torchvision_does(int samples, String name) {
    String recorded = "/roi_align/" + name;
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray map = manager.create(Seeded.waves(2 * 3 * 9 * 9, 0.37, 0.1), new Shape(2, 3, 9, 9));
      map.setRequiresGradient(true);
      RoiAlign align = new RoiAlign(PyramidShape.of(List.of(4), List.of(9)), 3, samples, 224);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray bins = align.pool(RoiAlign.cells(new NDList(map)), 2, REGIONS);
        NDArray pooled = bins.reshape(4, 3, 3, 3).transpose(0, 3, 1, 2);
        NDArray weights =
            manager.create(Seeded.waves((int) pooled.size(), 0.11, 0.7), pooled.getShape());
        NDArray loss = pooled.mul(weights).sum();
        assertThat(loss.getFloat())
            .isCloseTo(TorchvisionValues.number(recorded + "/weighted_sum"), within(1e-5f));
        assertThat(pooled.toFloatArray())
            .containsExactly(TorchvisionValues.floats(recorded + "/bins"), within(2e-06f));
        collector.backward(loss);
      }
      assertThat(map.getGradient().toFloatArray())
          .containsExactly(TorchvisionValues.floats(recorded + "/gradient"), within(1e-05f));
    }
  }

  @Test
  void regions_are_pooled_from_the_level_of_their_size() {
    PyramidShape pyramid = PyramidShape.of(List.of(4, 8, 16, 32), List.of(64, 32, 16, 8));
    RoiAlign align = new RoiAlign(pyramid, 7, 2, 224);
    assertThat(align.level(111 * 111)).isZero();
    assertThat(align.level(112 * 112)).isEqualTo(1);
    assertThat(align.level(223 * 223)).isEqualTo(1);
    assertThat(align.level(112 * 448)).isEqualTo(2);
    assertThat(align.level(448 * 448)).isEqualTo(3);
    assertThat(align.level(5000 * 5000)).isEqualTo(3);
    assertThat(align.level(0)).isZero();
  }

  @Test
  void a_region_reads_its_own_image_and_level() {
    PyramidShape pyramid = PyramidShape.of(List.of(4, 8), List.of(8, 4));
    RoiAlign align = new RoiAlign(pyramid, 1, 2, 64);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray fine = manager.create(new float[] {1, 2}, new Shape(2, 1, 1, 1));
      NDArray coarse = manager.create(new float[] {3, 4}, new Shape(2, 1, 1, 1));
      NDList maps =
          new NDList(
              fine.mul(manager.ones(new Shape(2, 1, 8, 8))),
              coarse.mul(manager.ones(new Shape(2, 1, 4, 4))));
      float[] boxes = {4, 4, 12, 12, 0, 0, 32, 32, 0, 0, 32, 32, 20, 20, 25, 25};
      RoiBatch regions = new RoiBatch(boxes, new int[] {1, 0, 1, 0});
      NDArray bins = align.pool(RoiAlign.cells(maps), 2, regions);
      assertThat(bins.toFloatArray()).containsExactly(2, 3, 4, 1);
    }
  }
}
