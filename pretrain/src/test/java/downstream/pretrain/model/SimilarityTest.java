package downstream.pretrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** InfoNCE; {@code SimSiamTest} and {@code ByolTest} have the other losses. */
class SimilarityTest {
  private static final int ROWS = 3;
  private static final int COLUMNS = 4;

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void equal_logits_cost_the_logarithm_of_their_number() {
    assertThat(Similarity.infoNce(manager.zeros(new Shape(2, 1025))).getFloat())
        .isCloseTo(6.9324f, within(5e-5f));
    assertThat(Similarity.infoNce(manager.zeros(new Shape(1, 65_537))).getFloat())
        .isCloseTo(11.0904f, within(5e-5f));
  }

  @Test
  void large_logits_do_not_overflow() {
    NDArray logits = manager.create(new float[] {1000, 999, -1000, 0, 1000, 0}, new Shape(2, 3));
    double expected = (Math.log(1 + Math.exp(-1)) + 1000) / 2;
    assertThat((double) Similarity.infoNce(logits).getFloat()).isCloseTo(expected, within(1e-4));
  }

  @Test
  void loss_and_gradient_agree_with_a_slow_reference() {
    double[] logits = new Random(3).doubles(ROWS * COLUMNS, -2, 2).toArray();
    long[] positives = {2, 0, 3};
    NDArray array = manager.create(logits, new Shape(ROWS, COLUMNS));
    array.setRequiresGradient(true);
    NDArray columns = manager.create(positives, new Shape(ROWS, 1));
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray loss = Similarity.infoNce(array, columns);
      assertThat(loss.getDouble()).isCloseTo(slow(logits, positives), within(1e-12));
      collector.backward(loss);
    }
    double[] gradient = array.getGradient().toDoubleArray();
    for (int i = 0; i < logits.length; i++) {
      double[] up = logits.clone();
      double[] down = logits.clone();
      up[i] += 1e-5;
      down[i] -= 1e-5;
      double numeric = (slow(up, positives) - slow(down, positives)) / 2e-5;
      assertThat(gradient[i]).isCloseTo(numeric, within(1e-8));
    }
  }

  /** The mean of logsumexp(row) - row[positive]. */
  private static double slow(double[] logits, long[] positives) {
    double sum = 0;
    for (int row = 0; row < ROWS; row++) {
      double[] one = Arrays.copyOfRange(logits, row * COLUMNS, (row + 1) * COLUMNS);
      sum += Math.log(Arrays.stream(one).map(Math::exp).sum()) - one[(int) positives[row]];
    }
    return sum / ROWS;
  }

  @Test
  void accuracy_is_the_share_of_rows_whose_positive_is_largest() {
    NDArray logits =
        manager.create(new float[] {3, 1, 2, 0, 5, 1, 4, 4, 4, 0, 0, 1}, new Shape(4, 3));
    assertThat(Similarity.accuracy(logits).getFloat()).isEqualTo(.5f);
    NDArray last = manager.full(new Shape(4, 1), 2).toType(DataType.INT64, false);
    assertThat(Similarity.accuracy(logits, last).getFloat()).isEqualTo(.5f);
  }

  @Test
  void cells_are_normalised_one_by_one() {
    NDArray cells = manager.create(new float[] {3, 4, 0, 2}, new Shape(1, 2, 2));
    assertThat(Similarity.normalised(cells).toFloatArray())
        .containsExactly(new float[] {.6f, .8f, 0, 1}, within(1e-6f));
  }
}
