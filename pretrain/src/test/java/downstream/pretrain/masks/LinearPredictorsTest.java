package downstream.pretrain.masks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearPredictorsTest {
  private static final double TINY = 1e-9;

  /** y = 2·o0 − o1 + 3·x0 + 4, where o1 = x0 + noise. */
  private static LinearPredictors.Rows rows(int count, boolean withX, long seed) {
    Random random = new Random(seed);
    List<double[]> inputs = new ArrayList<>();
    List<double[]> options = new ArrayList<>();
    List<double[]> targets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double x = random.nextGaussian();
      double first = random.nextGaussian();
      double second = x + random.nextGaussian();
      inputs.add(withX ? new double[] {x, 1} : new double[] {1});
      options.add(new double[] {first, second});
      targets.add(new double[] {2 * first - second + 3 * x + 4});
    }
    return new LinearPredictors.Rows(inputs, options, targets);
  }

  /** Mean squared error of a test of 4000 samples, whose standard error is a 45th. */
  private static double error(boolean withX, int... columns) {
    try (NDManager manager = NDManager.newBaseManager()) {
      LinearPredictors.Rows test = rows(4000, withX, 2);
      LinearPredictors predictors =
          new LinearPredictors(
              LinearPredictors.Products.of(rows(4000, withX, 1), manager), TINY, test, manager);
      double[][] predicted = predictors.predict(columns);
      double squares = 0;
      for (int i = 0; i < predicted.length; i++) {
        squares += Math.pow(predicted[i][0] - test.targets().get(i)[0], 2);
      }
      return squares / predicted.length;
    }
  }

  @Test
  void errors_are_the_variance_that_is_left() {
    assertThat(error(true, 0, 1)).isCloseTo(0, within(1e-6)); // all is known
    assertThat(error(true, 1)).isCloseTo(4, within(.4)); // 2·o0
    assertThat(error(true, 0)).isCloseTo(1, within(.1)); // the noise in o1
    assertThat(error(true)).isCloseTo(5, within(.5));
    assertThat(error(false, 0)).isCloseTo(5, within(.5)); // 2·x − noise
    assertThat(error(false)).isCloseTo(9, within(.9)); // 4 + 4 + 1
    // given o1 = x + noise, 2·x − noise is known but for (2 + 1)²/2
    assertThat(error(false, 0, 1)).isCloseTo(4.5, within(.45));
  }

  @Test
  void a_penalty_shrinks_the_predictions() {
    try (NDManager manager = NDManager.newBaseManager()) {
      LinearPredictors.Rows train = rows(200, false, 1);
      LinearPredictors.Products products = LinearPredictors.Products.of(train, manager);
      LinearPredictors half = new LinearPredictors(products, 1, train, manager);
      double mean = train.targets().stream().mapToDouble(y -> y[0]).average().orElseThrow();
      assertThat(half.predict(new int[0])[0][0]).isCloseTo(mean / 2, within(1e-9));
    }
  }
}
