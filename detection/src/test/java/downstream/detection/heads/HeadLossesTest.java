package downstream.detection.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class HeadLossesTest {
  private static final int CELLS = 7;
  private final Random random = new Random(1);

  @Test
  void focal_loss_is_the_papers_formula() {
    double[] logits = values(3 * CELLS, -4, 4);
    double[] groundTruth = random.doubles(3 * CELLS).map(v -> v < 0.3 ? 1 : 0).toArray();
    ToDoubleFunction<double[]> slow =
        x -> {
          double sum = 0;
          for (int i = 0; i < x.length; i++) {
            double p = 1 / (1 + Math.exp(-x[i]));
            sum +=
                groundTruth[i] == 1
                    ? -0.25 * (1 - p) * (1 - p) * Math.log(p)
                    : -0.75 * p * p * Math.log(1 - p);
          }
          return sum;
        };
    check(
        logits,
        new Shape(1, 3, CELLS),
        x ->
            HeadLosses.focal(
                x, array(x.getManager(), groundTruth, new Shape(1, 3, CELLS)), 0.25f, 2),
        slow);
  }

  @Test
  void focal_loss_of_extreme_logits_stays_finite() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray logits = manager.create(new float[] {-200, 200, 200, -200}, new Shape(1, 1, 4));
      NDArray groundTruth = manager.create(new float[] {1, 0, 1, 0}, new Shape(1, 1, 4));
      float loss = HeadLosses.focal(logits, groundTruth, 0.25f, 2).getFloat();
      assertThat(loss).isCloseTo(0.25f * 200 + 0.75f * 200, within(1e-3f));
    }
  }

  @Test
  void cross_entropy_is_minus_log_likelihood() {
    double[] logits = values(CELLS, -5, 5);
    double[] groundTruth = values(CELLS, 0, 1);
    check(
        logits,
        new Shape(1, 1, CELLS),
        x ->
            HeadLosses.binaryCrossEntropy(
                    x, array(x.getManager(), groundTruth, new Shape(1, 1, CELLS)))
                .sum(),
        x -> {
          double sum = 0;
          for (int i = 0; i < x.length; i++) {
            double p = 1 / (1 + Math.exp(-x[i]));
            sum -= groundTruth[i] * Math.log(p) + (1 - groundTruth[i]) * Math.log(1 - p);
          }
          return sum;
        });
  }

  @Test
  void giou_loss_is_the_papers_formula_on_corner_boxes() {
    double[] distances = values(4 * CELLS, 0.1, 5);
    double[] groundTruth = values(4 * CELLS, 0.1, 5);
    double[] weight = values(CELLS, 0, 1);
    check(
        distances,
        new Shape(1, 4, CELLS),
        x ->
            HeadLosses.giou(
                x,
                array(x.getManager(), groundTruth, new Shape(1, 4, CELLS)),
                array(x.getManager(), weight, new Shape(1, 1, CELLS))),
        x -> {
          double sum = 0;
          for (int i = 0; i < CELLS; i++) {
            sum += weight[i] * (1 - slowGiou(corners(x, i), corners(groundTruth, i)));
          }
          return sum;
        });
  }

  @Test
  void giou_loss_of_the_right_boxes_is_zero_and_ignores_cells_without_weight() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray boxes = array(manager, values(4 * CELLS, 0.5, 5), new Shape(1, 4, CELLS));
      NDArray ones = manager.ones(new Shape(1, 1, CELLS));
      assertThat(HeadLosses.giou(boxes, boxes, ones).getFloat()).isCloseTo(0, within(1e-5f));
      NDArray none = manager.zeros(new Shape(1, 1, CELLS));
      NDArray empty = manager.zeros(new Shape(1, 4, CELLS));
      assertThat(HeadLosses.giou(boxes, empty, none).getFloat()).isZero();
    }
  }

  /** A box around the origin as x0, y0, x1, y1. */
  private static double[] corners(double[] distances, int cell) {
    return new double[] {
      -distances[cell],
      -distances[CELLS + cell],
      distances[2 * CELLS + cell],
      distances[3 * CELLS + cell]
    };
  }

  private static double slowGiou(double[] a, double[] b) {
    double inner =
        (Math.min(a[2], b[2]) - Math.max(a[0], b[0]))
            * (Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
    double union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inner;
    double hull =
        (Math.max(a[2], b[2]) - Math.min(a[0], b[0]))
            * (Math.max(a[3], b[3]) - Math.min(a[1], b[1]));
    return inner / union - (hull - union) / hull;
  }

  /** Compares value with the slow formula, and gradient with its central differences. */
  private static void check(
      double[] at, Shape shape, UnaryOperator<NDArray> loss, ToDoubleFunction<double[]> slow) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray input = array(manager, at, shape);
      input.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray value = loss.apply(input);
        assertThat((double) value.getFloat())
            .isCloseTo(slow.applyAsDouble(at), within(1e-4 * Math.abs(slow.applyAsDouble(at))));
        collector.backward(value);
      }
      float[] gradient = input.getGradient().toFloatArray();
      for (int i = 0; i < at.length; i++) {
        double h = 1e-6;
        double[] up = at.clone();
        double[] down = at.clone();
        up[i] += h;
        down[i] -= h;
        double slope = (slow.applyAsDouble(up) - slow.applyAsDouble(down)) / (2 * h);
        assertThat((double) gradient[i]).as("gradient %d", i).isCloseTo(slope, within(1e-4));
      }
    }
  }

  private static NDArray array(NDManager manager, double[] values, Shape shape) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return manager.create(floats, shape);
  }

  private double[] values(int count, double least, double most) {
    return random.doubles(count, least, most).toArray();
  }
}
