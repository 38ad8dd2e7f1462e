package downstream.segmentation.metrics;

import static downstream.segmentation.metrics.Given.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PerImageConfusionTest {
  private static ConfusionMatrix matrix(byte[] groundTruth, byte[] prediction) {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add("map", groundTruth, prediction);
    return matrix;
  }

  /** Mean IoU of the first is 1, of the second 0, of the third (1/2 + 1/2) / 2. */
  private static PerImageConfusion three() {
    return new PerImageConfusion(
        List.of("a", "b"),
        List.of("right", "wrong", "half"),
        List.of(
            matrix(bytes(0, 1), bytes(0, 1)),
            matrix(bytes(0, 1), bytes(1, 0)),
            matrix(bytes(0, 0, 1), bytes(0, 1, 1))));
  }

  @Test
  void sums_each_image_as_often_as_its_weight_says() {
    assertThat(three().sum(new double[] {2, 0, 3}).rows())
        .isDeepEqualTo(new long[][] {{5, 3}, {0, 5}});
    assertThat(three().sum().rows()).isDeepEqualTo(new long[][] {{2, 2}, {1, 2}});
    assertThatThrownBy(() -> three().sum(new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 weights for 3 images");
  }

  @Test
  void worst_images_come_first() {
    assertThat(three().worst(3)).containsExactly(1, 2, 0);
    assertThat(three().worst(1)).containsExactly(1);
  }

  @Test
  void whole_numbers_are_weights() {
    assertThat(PerImageConfusion.whole(0)).isZero();
    assertThat(PerImageConfusion.whole(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 0.5, Double.NaN, 2147483648.0})
  void other_numbers_are_no_weights(double weight) {
    assertThatThrownBy(() -> PerImageConfusion.whole(weight))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weights must be whole numbers ≥ 0, not " + weight);
  }
}
