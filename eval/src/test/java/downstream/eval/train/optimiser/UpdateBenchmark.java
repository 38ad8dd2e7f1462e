package downstream.eval.train.optimiser;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Processor time of an update of a ViT-S/16's 150 weights in one call, against a call a weight and
 * a read of each norm, as it was before. Both take turns. docs/evidence/performance.md has the
 * command.
 */
final class UpdateBenchmark {
  private static final int WIDTH = 384;
  private static final int BLOCKS = 12;
  private static final int WARM = 2;
  private static final double RATE = 1e-3;
  private static final Optimiser.AdamW ADAM = new Optimiser.AdamW(RATE, .05, .9, .95);
  private static final Optimiser.Sgd SGD = new Optimiser.Sgd(RATE, .9, 1e-4, true);
  private static final Optimiser.Lars LARS =
      new Optimiser.Lars(RATE, .9, 1e-3, 1e-6, Optimiser.LarsForm.BYOL);

  private final NDManager manager;
  private final List<Weight> weights = new ArrayList<>();
  private final List<NDArray> first = new ArrayList<>();
  private final List<NDArray> second = new ArrayList<>();

  private UpdateBenchmark(NDManager manager) {
    this.manager = manager;
    weight(WIDTH, 3, 16, 16);
    weight(WIDTH);
    for (int block = 0; block < BLOCKS; block++) {
      for (long[] shape : new long[][] {{3 * WIDTH, WIDTH}, {WIDTH, WIDTH}}) {
        weight(shape);
        weight(shape[0]);
      }
      for (long[] shape : new long[][] {{4 * WIDTH, WIDTH}, {WIDTH, 4 * WIDTH}}) {
        weight(shape);
        weight(shape[0]);
      }
      for (int norm = 0; norm < 4; norm++) {
        weight(WIDTH);
      }
    }
  }

  private void weight(long... shape) {
    NDArray array = manager.randomNormal(new Shape(shape)).mul(.02);
    array.setRequiresGradient(true);
    weights.add(new Weight("w" + weights.size(), array, shape.length > 1, 1, true));
    first.add(manager.zeros(new Shape(shape)));
    second.add(manager.zeros(new Shape(shape)));
  }

  /** Argument: turns (15). */
  public static void main(String[] arguments) {
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    int turns = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
    try (NDManager manager = NDManager.newBaseManager()) {
      UpdateBenchmark benchmark = new UpdateBenchmark(manager);
      benchmark.makeGradients();
      JniUtils.setGradMode(false);
      for (Optimiser optimiser : List.of(ADAM, SGD, LARS)) {
        benchmark.compare(optimiser, turns);
      }
    }
  }

  private void makeGradients() {
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray sum = weights.get(0).array().sum();
      for (Weight weight : weights.subList(1, weights.size())) {
        sum = sum.add(weight.array().sum());
      }
      collector.backward(sum);
    }
  }

  private void compare(Optimiser optimiser, int turns) {
    List<NDArray> gradients = weights.stream().map(w -> w.array().getGradient()).toList();
    OptimiserState update = OptimiserState.of(optimiser, new Clipping(1, false), weights, manager);
    double[] together = new double[turns];
    double[] apart = new double[turns];
    for (int turn = -WARM; turn < turns; turn++) {
      int step = turn + WARM;
      gradients.forEach(gradient -> gradient.addi(1e-3));
      double began = milliseconds();
      try (NDManager scope = manager.newSubManager()) {
        update.apply(step, gradients, RATE, optimiser.weightDecay(), scope).toFloatArray();
      }
      double one = milliseconds() - began;
      gradients.forEach(gradient -> gradient.addi(1e-3));
      began = milliseconds();
      try (NDManager scope = manager.newSubManager()) {
        apart(optimiser, step, scope);
      }
      double each = milliseconds() - began;
      if (turn >= 0) {
        together[turn] = one;
        apart[turn] = each;
      }
    }
    System.out.println(
        optimiser.getClass().getSimpleName()
            + ": "
            + text(together)
            + " ms, before "
            + text(apart));
  }

  private static String text(double[] values) {
    Arrays.sort(values);
    double median = values[values.length / 2];
    double largest = values[values.length - 1];
    return String.format(Locale.ROOT, "%.0f (%.0f to %.0f)", median, values[0], largest);
  }

  private static double milliseconds() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        * 1e-6;
  }

  private void apart(Optimiser optimiser, int step, NDManager scope) {
    List<NDArray> gradients = new ArrayList<>();
    double squares = 0;
    for (Weight weight : weights) {
      NDArray gradient = weight.array().getGradient();
      gradient.attach(scope);
      gradients.add(gradient);
      try (NDArray square = gradient.square();
          NDArray sum = square.sum()) {
        squares += sum.getFloat();
      }
    }
    double scale = Math.min(1, 1 / Math.sqrt(squares));
    for (int i = 0; i < weights.size(); i++) {
      if (optimiser == ADAM) {
        adam(i, gradients.get(i), scale, step);
      } else {
        momentum(optimiser, i, gradients.get(i).muli(scale));
      }
    }
    weights.forEach(weight -> JniUtils.zeroGrad((PtNDArray) weight.array()));
  }

  private void adam(int i, NDArray gradient, double scale, int step) {
    double correction1 = 1 - Math.pow(ADAM.beta1(), step + 1);
    double correction2 = Math.sqrt(1 - Math.pow(ADAM.beta2(), step + 1));
    JniUtils.adamUpdate(
        (PtNDArray) weights.get(i).array(),
        (PtNDArray) gradient,
        (PtNDArray) first.get(i),
        (PtNDArray) second.get(i),
        (float) RATE,
        (float) (RATE * correction2 / correction1),
        (float) (weights.get(i).decay() ? ADAM.weightDecay() : 0),
        (float) scale,
        -1,
        (float) ADAM.beta1(),
        (float) ADAM.beta2(),
        (float) (1e-8 * correction2),
        true);
  }

  private void momentum(Optimiser optimiser, int i, NDArray gradient) {
    NDArray weight = weights.get(i).array();
    NDArray velocity = first.get(i).muli(.9);
    if (optimiser == SGD) {
      add(gradient, SGD.weightDecay(), weight);
    } else if (weights.get(i).decay()) {
      add(gradient, LARS.weightDecay(), weight);
      gradient.muli(LARS.trust() * norm(weight) / norm(gradient));
    }
    add(weight, -RATE, velocity.addi(gradient));
  }

  private static void add(NDArray target, double factor, NDArray x) {
    try (NDArray scaled = x.mul(factor)) {
      target.addi(scaled);
    }
  }

  private static double norm(NDArray array) {
    try (NDArray norm = array.norm()) {
      return norm.getFloat();
    }
  }
}
