package downstream.segmentation.metrics;

import static downstream.segmentation.metrics.Given.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  @Test
  void counts_by_truth_and_prediction_and_drops_ignored_pixels() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add("map", bytes(0, 0, 1, 255, 255), bytes(0, 1, 1, 0, 255));

    assertThat(matrix.rows()).isDeepEqualTo(new long[][] {{1, 1}, {0, 1}});
    assertThat(matrix.dropped()).isEqualTo(2);
    assertThat(matrix.total()).isEqualTo(3);
  }

  @Test
  void adds_another_matrix_as_often_as_asked() {
    ConfusionMatrix one = new ConfusionMatrix(2);
    one.add("map", bytes(0, 1, 255), bytes(1, 1, 0));
    ConfusionMatrix sum = new ConfusionMatrix(2);
    sum.add(one, 3);
    sum.add(one, 0);

    assertThat(sum.rows()).isDeepEqualTo(new long[][] {{0, 3}, {0, 3}});
    assertThat(sum.dropped()).isEqualTo(3);
  }

  @Test
  void counts_beyond_32_bits() {
    ConfusionMatrix matrix = new ConfusionMatrix(1);
    matrix.add(0, 0, 3L << 32);

    assertThat(matrix.hits(0)).isEqualTo(3L << 32);
  }

  @Test
  void refuses_a_predicted_value_that_is_no_class() {
    assertThatThrownBy(() -> new ConfusionMatrix(2).add("a.png", bytes(0), bytes(7)))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "a.png: the prediction holds the value 7, but classes are 0 to 1. Predict a class for"
                + " every pixel whose ground truth is not ignored");
  }

  @Test
  void refuses_a_true_value_that_is_no_class() {
    assertThatThrownBy(() -> new ConfusionMatrix(2).add("a.png", bytes(11), bytes(0)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("a.png: the ground truth holds the value 11, but classes are 0 to 1");
  }

  /** The first value beyond the classes, in an area of one value and alone. */
  @Test
  void refuses_the_number_of_classes_as_a_value() {
    for (int pixels : new int[] {1, 8, 9}) {
      byte[] zeros = new byte[pixels];
      byte[] twos = new byte[pixels];
      Arrays.fill(twos, (byte) 2);
      assertThatThrownBy(() -> new ConfusionMatrix(2).add("a.png", zeros, twos))
          .hasMessageContaining("the prediction holds the value 2");
      assertThatThrownBy(() -> new ConfusionMatrix(2).add("a.png", twos, zeros))
          .hasMessage(
              "a.png: the ground truth holds the value 2, but classes are 0 to 1. List the value"
                  + " under 'ignore' or name a class for it");
    }
  }

  @Test
  void holds_1_to_255_classes() {
    assertThat(new ConfusionMatrix(1).classes()).isEqualTo(1);
    assertThat(new ConfusionMatrix(255).classes()).isEqualTo(255);
    for (int classes : new int[] {0, 256}) {
      assertThatThrownBy(() -> new ConfusionMatrix(classes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("classes must be 1 to 255, not " + classes);
    }
  }

  @Test
  void refuses_maps_of_different_sizes_and_matrices_of_other_classes() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    assertThatThrownBy(() -> matrix.add("a.png", bytes(0, 1), bytes(0)))
        .hasMessage("ground truth has 2 pixels, prediction 1");
    assertThatThrownBy(() -> matrix.add(new ConfusionMatrix(3), 1))
        .hasMessage("3 classes added to 2");
  }
}
