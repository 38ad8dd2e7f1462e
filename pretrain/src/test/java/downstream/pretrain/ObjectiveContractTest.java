package downstream.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import downstream.eval.torch.Precision;
import downstream.eval.train.Examples;
import downstream.eval.train.Gradients;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingOptions;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every method's objective must do; each method inherits it. */
public abstract class ObjectiveContractTest<E> {
  @TempDir public Path folder;
  public final NDManager manager = NDManager.newBaseManager();

  /** A new model of 16 px whose weights {@link #manager} owns. */
  public abstract PretrainingModel<E> model();

  /** What the method makes of images. */
  public abstract Examples<E> examples(Photos photos);

  /** A learning rate at which a tiny model learns. */
  public abstract double learningRate();

  @AfterEach
  void close() {
    manager.close();
  }

  /** One training shows both: steps of even a tiny model take seconds together. */
  @Test
  void training_lowers_the_loss_and_live_arrays_do_not_grow() throws IOException {
    Watched<E> watched = new Watched<>(model(), -1, manager);
    train(watched, "run", steps());
    assertThat(watched.late).isEqualTo(watched.early).isPositive();
    List<String> lines = Files.readAllLines(folder.resolve("run/log.jsonl"));
    int steps = lines.size();
    double first = mean(lines.subList(0, steps / 8));
    double last = mean(lines.subList(steps - steps / 8, steps));
    assertThat(hasFallen(first, last)).as("from %s to %s", first, last).isTrue();
  }

  /** Steps in which the loss falls clearly; 200 between two counts of arrays. */
  public int steps() {
    return 210;
  }

  /** Tells whether other tests train for fewer steps than usual, too. */
  private boolean isBrief() {
    return steps() < 100;
  }

  public boolean hasFallen(double first, double last) {
    return last < .85 * first;
  }

  private static double mean(List<String> lines) {
    return lines.stream()
        .mapToDouble(line -> Json.parseYaml("log", line).path("total").asDouble())
        .average()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "BFLOAT16"})
  void killed_and_resumed_ends_with_the_weights_of_an_unbroken_run(Precision precision)
      throws IOException {
    String unbroken = train(model(), "unbroken", 10, 2, precision);
    Watched<E> killed = new Watched<>(model(), 8, manager);
    assertThatThrownBy(() -> train(killed, "broken", 10, 2, precision)).hasMessage("killed");

    assertThat(train(model(), "broken", 10, 2, precision)).isEqualTo(unbroken);
  }

  @Test
  void bfloat16_gives_other_weights_than_float32() throws IOException {
    assertThat(train(model(), "rounded", 3, 1, Precision.BFLOAT16))
        .isNotEqualTo(train(model(), "exact", 3, 1, Precision.FLOAT32));
  }

  @Test
  void loader_threads_do_not_change_the_weights() throws IOException {
    int some = isBrief() ? 3 : 6;
    assertThat(train(model(), "one", some, 1)).isEqualTo(train(model(), "two", some, 2));
  }

  @Test
  void two_replicas_end_with_the_weights_and_the_log_of_one() throws IOException {
    PretrainingModel<E> one = model();
    PretrainingModel<E> first = model();
    trainReplicas(List.of(one), "one");
    trainReplicas(List.of(first, model()), "two");
    List<float[]> expected = values(one);
    List<float[]> shared = values(first);
    boolean batchStatistics = !one.state().isEmpty();
    for (int i = 0; i < expected.size(); i++) {
      double largest = largestDifference(shared.get(i), expected.get(i));
      assertThat(largest).as("array %d", i).isLessThan(batchStatistics ? 5e-5 : 1e-6);
    }
    List<String> log = Files.readAllLines(folder.resolve("one/log.jsonl"));
    List<String> sharedLog = Files.readAllLines(folder.resolve("two/log.jsonl"));
    for (int step = 0; step < log.size(); step++) {
      JsonNode line = Json.parseYaml("log", log.get(step));
      JsonNode sharedLine = Json.parseYaml("log", sharedLog.get(step));
      for (String name : List.of("total", "grad_norm")) {
        double value = line.path(name).asDouble();
        assertThat(sharedLine.path(name).asDouble())
            .isCloseTo(value, within(1e-4 * Math.abs(value)));
      }
    }
  }

  /** The largest difference of two values, relative to those that are larger than 1. */
  private static double largestDifference(float[] values, float[] expected) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double scale = Math.max(1, Math.abs(expected[i]));
      largest = Math.max(largest, Math.abs(values[i] - expected[i]) / scale);
    }
    return largest;
  }

  /** Three updates by batches of seven, which two replicas cannot share evenly. */
  private void trainReplicas(List<Objective<E>> replicas, String name) throws IOException {
    Optimiser sgd = new Optimiser.Sgd(.01, .9, .05, false);
    TrainingPlan plan = new TrainingPlan(3, 7, sgd, Schedule.cosine(0), 0, 5, 3, 1);
    TrainingLoop.train(
        plan, examples(photos()), replicas, folder.resolve(name), TrainingOptions.DEFAULTS);
  }

  @Test
  void every_weight_has_a_finite_gradient_that_is_not_all_zero() throws IOException {
    PretrainingModel<E> model = model();
    Gradient gradient = gradient(model);
    for (int i = 0; i < model.weights().size(); i++) {
      Weight weight = model.weights().get(i);
      double norm = gradient.norms().get(i);
      assertThat(norm).as(weight.name()).isFinite();
      if (!mayBeZero(weight.name())) {
        assertThat(norm).as(weight.name()).isPositive();
      }
    }
  }

  /** Whether the first update leaves a weight as it is. */
  public boolean mayBeZero(String weight) {
    return false;
  }

  /** Sum of squares of the gradient, and that of each weight. */
  record Gradient(double squares, List<Double> norms) {}

  /** The gradient of a fixed batch, left in the weights. */
  Gradient gradient(PretrainingModel<E> model) throws IOException {
    List<Weight> weights = model.weights(); // from now on they have gradients
    try (NDManager scope = manager.newSubManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(model.losses(batch(model), step(scope)).total());
    }
    List<Double> norms = new ArrayList<>();
    for (Weight weight : weights) {
      try (NDArray gradient = weight.array().getGradient();
          NDArray squares = gradient.square();
          NDArray sum = squares.sum()) {
        norms.add(Math.sqrt(sum.getFloat()));
      }
    }
    return new Gradient(norms.stream().mapToDouble(norm -> norm * norm).sum(), norms);
  }

  @Test
  void gradient_agrees_with_central_differences_along_itself() throws IOException {
    assumeTrue(isGradientOfItsLoss(), "targets that move with the weights have no gradient");
    PretrainingModel<E> model = model();
    Gradient gradient = gradient(model);
    double length = Math.sqrt(gradient.squares());
    assertThat(length).isPositive();
    double step = differenceStep();
    double up = lossAt(model, step / length);
    double down = lossAt(model, -2 * step / length);
    assertThat((up - down) / (2 * step)).isCloseTo(length, within(.03 * length));
  }

  /** Length of the move of the weights for central differences. */
  public double differenceStep() {
    return 1e-3;
  }

  /** Whether all that the loss depends on through the weights has a gradient. */
  public boolean isGradientOfItsLoss() {
    return true;
  }

  private double lossAt(PretrainingModel<E> model, double distance) throws IOException {
    return Gradients.without(
        () -> {
          for (Weight weight : model.weights()) {
            try (NDArray gradient = weight.array().getGradient();
                NDArray move = gradient.mul(distance)) {
              weight.array().addi(move);
            }
          }
          try (NDManager scope = manager.newSubManager()) {
            return (double) model.losses(batch(model), step(scope)).total().getFloat();
          }
        });
  }

  @Test
  void visualisations_and_embeddings_leave_the_model_as_it_was() throws IOException {
    PretrainingModel<E> model = model();
    List<float[]> before = values(model);
    List<E> sample = batch(model);
    try (NDManager scope = manager.newSubManager()) {
      Gradients.without(
          () -> {
            model
                .visualisations(sample)
                .forEach((name, drawing) -> assertThat(drawing.draw(step(scope))).isNotNull());
            int size = model.encoder().settings().imageSize();
            float[][] rows = model.embed(List.of(new float[3 * size * size]), step(scope));
            assertThat(rows).hasDimensions(1, model.encoder().settings().embeddingWidth());
            return null;
          });
    }
    List<float[]> after = values(model);
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i)).isEqualTo(before.get(i));
    }
  }

  private static List<float[]> values(PretrainingModel<?> model) {
    List<float[]> values = new ArrayList<>();
    model.weights().forEach(weight -> values.add(weight.array().toFloatArray()));
    model.state().values().forEach(array -> values.add(array.toFloatArray()));
    return values;
  }

  @Test
  void cost_is_known() {
    assertThat(model().flops()).isPositive();
  }

  public List<E> batch(PretrainingModel<E> model) {
    return PretrainingModel.sample(examples(photos()), 8);
  }

  public Photos photos() {
    return new Photos(images());
  }

  public ImageSet images() {
    return TestImages.write(folder.resolve("images"), 16);
  }

  public static Step step(NDManager scope) {
    return new Step(3, 10, scope, new ParameterStore(scope, false), new SplittableRandom(5));
  }

  private String train(Objective<E> model, String name, int steps) throws IOException {
    return train(model, name, steps, 2);
  }

  private String train(Objective<E> model, String name, int steps, int threads) throws IOException {
    return train(model, name, steps, threads, Precision.FLOAT32);
  }

  private String train(Objective<E> model, String name, int steps, int threads, Precision precision)
      throws IOException {
    Optimiser adam = new Optimiser.AdamW(learningRate(), .05, .9, .95);
    TrainingPlan plan =
        new TrainingPlan(steps, 8, adam, Schedule.cosine(.05), 1, 5, 7, threads, precision);
    return TrainingLoop.train(plan, examples(photos()), model, folder.resolve(name)).digest();
  }

  /** Counts live arrays early and late; fails at a step. */
  private static final class Watched<E> implements Objective<E> {
    private final Objective<E> model;
    private final int failAt;
    private final NDManager weights;
    private int early;
    private int late;

    Watched(Objective<E> model, int failAt, NDManager weights) {
      this.model = model;
      this.failAt = failAt;
      this.weights = weights;
    }

    @Override
    public String name() {
      return model.name();
    }

    @Override
    public List<Weight> weights() {
      return model.weights();
    }

    @Override
    public Map<String, NDArray> state() {
      return model.state();
    }

    @Override
    public Losses losses(List<E> batch, Step step) {
      if (step.index() == failAt) {
        throw new IllegalStateException("killed");
      }
      int live =
          weights.getManagedArrays().size()
              + step.manager().getParentManager().getManagedArrays().size();
      early = step.index() == 9 ? live : early;
      late = step.index() == step.steps() - 1 ? live : late;
      return model.losses(batch, step);
    }

    @Override
    public void afterUpdate(Step step) {
      model.afterUpdate(step);
    }

    @Override
    public Map<String, NDArray> measure(Step step) {
      return model.measure(step);
    }

    @Override
    public void check(int step, int steps, Map<String, Double> measured) {
      model.check(step, steps, measured);
    }
  }
}
