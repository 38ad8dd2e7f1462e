package downstream.eval.encoder.inspect;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import downstream.eval.Device;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FineTuningSettings;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.train.TrainableEncoder;
import downstream.eval.torch.Precision;
import downstream.eval.train.Gradients;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;

/**
 * Compares the gradients of an encoder's weights with central differences, in float64.
 *
 * <p>All weights together are moved first, so that none is left out; then a sample, one by one.
 *
 * <p>The loss is a random linear function of all levels for one random image. Each weight is moved
 * along a random direction u of its own length: autograd's slope along u is ⟨∂L/∂w, u⟩, the central
 * difference's (L(w + hu) − L(w − hu)) / 2h. The step h is small, 1e-8, for a network of rectifiers
 * has a kink near almost every point; what rounding alone can do to the difference of two losses
 * does not count. Where the two disagree, a tenth of the step decides: it leaves out most kinks
 * that was within the step, while a wrong gradient is as wrong as before.
 */
public final class GradientVerification {
  /** The largest relative difference that passes. */
  public static final double TOLERANCE = 1e-4;

  private static final double STEP = 1e-8;
  private static final double ROUNDING = 1e-15;
  private static final double NUDGE = 0.01;

  private final EncoderFile file;
  private final NDManager manager;
  private final TrainableEncoder block;
  private final NDArray images;
  private final SplittableRandom random;
  private final Map<String, NDArray> directions = new LinkedHashMap<>();
  private double magnitude;

  private GradientVerification(EncoderFile file, int size, long seed, NDManager manager) {
    this.file = file;
    this.manager = manager;
    this.random = new SplittableRandom(seed);
    List<String> values = file.levelValues();
    block =
        new TrainableEncoder(file, values, manager, FineTuningSettings.WHOLE, Precision.FLOAT64);
    images = normal(new Shape(1, 3, size, size));
  }

  /**
   * One weight's gradient.
   *
   * @param operator that reads the weight; {@code all} where all weights are moved at once
   * @param weight its name
   * @param autograd slope along the direction, by the backward pass
   * @param difference slope by central differences
   * @param error |autograd − difference| / max(|autograd|, |difference|)
   * @param agree whether the whole gradient is finite and {@code error} within {@link #TOLERANCE},
   *     or the distance no more than rounding can do
   */
  public record Gradient(
      String operator,
      String weight,
      double autograd,
      double difference,
      double error,
      boolean agree) {}

  /**
   * Checks all weights that the levels depend on together, and a sample of them one by one.
   *
   * <p>Float64, so on the CPU whatever else runs on a GPU.
   *
   * @param perOperator how many weights of each operator, drawn at random; at least 1
   */
  public static List<Gradient> check(EncoderFile file, int size, long seed, int perOperator) {
    try (NDManager manager = Device.CPU.newManager()) {
      return new GradientVerification(file, size, seed, manager).check(perOperator);
    }
  }

  private List<Gradient> check(int perOperator) {
    Map<String, Parameter> weights = weights();
    weights.values().forEach(weight -> moveOffKinks(weight.getArray()));
    weights.values().forEach(weight -> weight.getArray().setRequiresGradient(true));
    backward();
    List<Gradient> gradients = new ArrayList<>();
    Gradients.doWithout(
        () -> {
          gradients.add(
              check("all", weights.size() + " weights together", List.copyOf(weights.values())));
          for (Map.Entry<String, String> sampled : sample(weights, perOperator).entrySet()) {
            Parameter weight = Objects.requireNonNull(weights.get(sampled.getKey()));
            gradients.add(check(sampled.getValue(), weight.getName(), List.of(weight)));
          }
        });
    return gradients;
  }

  /**
   * Moves a weight by a hundredth: where norms are initialised to zero, sums of a block and its
   * shortcut are exactly at the kink of the rectifier behind them.
   */
  private void moveOffKinks(NDArray weight) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray direction = direction(weight, scope);
      weight.addi(direction.mul(NUDGE));
    }
  }

  private Map<String, Parameter> weights() {
    Map<String, Parameter> weights = new LinkedHashMap<>();
    block.getParameters().values().stream()
        .filter(parameter -> parameter.getType() == Parameter.Type.OTHER)
        .forEach(parameter -> weights.put(parameter.getName(), parameter));
    return weights;
  }

  /** Weight → the operator that reads it first, at most so many of each operator. */
  private Map<String, String> sample(Map<String, Parameter> weights, int perOperator) {
    Map<String, List<String>> byOperator = new LinkedHashMap<>();
    for (Node node : file.graph().nodes()) {
      for (String input : node.inputs()) {
        if (weights.containsKey(input)) {
          byOperator.computeIfAbsent(node.operator(), name -> new ArrayList<>()).add(input);
        }
      }
    }
    Map<String, String> sampled = new LinkedHashMap<>();
    byOperator.forEach(
        (operator, names) -> {
          List<String> left = new ArrayList<>(names.stream().distinct().toList());
          for (int i = 0; i < perOperator && !left.isEmpty(); i++) {
            sampled.putIfAbsent(left.remove(random.nextInt(left.size())), operator);
          }
        });
    return sampled;
  }

  private void backward() {
    try (NDManager scope = manager.newSubManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(loss(scope));
    }
  }

  private NDArray loss(NDManager scope) {
    ParameterStore store = new ParameterStore(scope, false);
    NDArray input = images.duplicate();
    input.attach(scope);
    Map<String, NDArray> values =
        block.run(store, Map.of(file.graph().input().getName(), input), file.levelValues(), true);
    NDArray total = scope.zeros(new Shape(), DataType.FLOAT64);
    for (Map.Entry<String, NDArray> level : values.entrySet()) {
      NDArray direction =
          directions.computeIfAbsent(level.getKey(), name -> normal(level.getValue().getShape()));
      NDArray terms = level.getValue().mul(direction);
      magnitude = Math.max(magnitude, sum(terms.stopGradient().abs()));
      total = total.add(terms.sum());
    }
    return total;
  }

  /** Moves these weights at once, each along its own direction. */
  private Gradient check(String operator, String name, List<Parameter> weights) {
    try (NDManager scope = manager.newSubManager()) {
      double autograd = 0;
      boolean finite = true;
      List<NDArray> along = new ArrayList<>();
      for (Parameter weight : weights) {
        NDArray gradient = weight.getArray().getGradient();
        gradient.attach(scope);
        NDArray direction = direction(weight.getArray(), scope);
        autograd += sum(gradient.mul(direction));
        finite &= Double.isFinite(sum(gradient.square()));
        along.add(direction);
      }
      double difference = difference(weights, along, STEP);
      boolean agree = near(autograd, difference) || byRounding(autograd, difference);
      if (finite && !agree) {
        difference = difference(weights, along, STEP / 10);
        agree = near(autograd, difference);
      }
      double error = error(autograd, difference);
      return new Gradient(operator, name, autograd, difference, error, finite && agree);
    }
  }

  private static double error(double autograd, double difference) {
    double distance = Math.abs(autograd - difference);
    return distance == 0 ? 0 : distance / Math.max(Math.abs(autograd), Math.abs(difference));
  }

  private static boolean near(double autograd, double difference) {
    return error(autograd, difference) <= TOLERANCE;
  }

  private boolean byRounding(double autograd, double difference) {
    return Math.abs(autograd - difference) <= ROUNDING * magnitude / STEP;
  }

  /** Random direction, as long as the weight itself, or of length 1 for a weight that is zero. */
  private NDArray direction(NDArray weight, NDManager scope) {
    NDArray direction = normal(weight.getShape());
    direction.attach(scope);
    double length = Math.sqrt(sum(weight.stopGradient().square()));
    double own = Math.sqrt(sum(direction.square()));
    return direction.mul((length > 0 ? length : 1) / own);
  }

  private double difference(List<Parameter> weights, List<NDArray> along, double step) {
    move(weights, along, step);
    double above = value();
    move(weights, along, -2 * step);
    double below = value();
    move(weights, along, step);
    return (above - below) / (2 * step);
  }

  private static void move(List<Parameter> weights, List<NDArray> along, double length) {
    for (int i = 0; i < along.size(); i++) {
      try (NDArray step = along.get(i).mul(length)) {
        weights.get(i).getArray().addi(step);
      }
    }
  }

  private double value() {
    try (NDManager scope = manager.newSubManager()) {
      return loss(scope).getDouble();
    }
  }

  private static double sum(NDArray array) {
    return DoubleStream.of(array.toDoubleArray()).sum();
  }

  private NDArray normal(Shape shape) {
    double[] values = new double[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return manager.create(values, shape);
  }
}
