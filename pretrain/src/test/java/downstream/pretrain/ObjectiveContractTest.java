package downstream.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.Json;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Optimiser;
import downstream.eval.train.Plan;
import downstream.eval.train.Schedule;
import downstream.eval.train.Step;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.Weight;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every method's objective must do; each method inherits it. */
abstract class ObjectiveContractTest<E> {
  @TempDir Path folder;
  final NDManager manager = NDManager.newBaseManager();

  /** A new model of 16 px whose weights {@link #manager} owns. */
  abstract Objective<E> model();

  /** What the method makes of images. */
  abstract Examples<E> examples(Photos photos);

  /** A learning rate at which a tiny model learns. */
  abstract double learningRate();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void training_lowers_the_loss() throws IOException {
    train(model(), "run", 160);
    List<String> lines = Files.readAllLines(folder.resolve("run/log.jsonl"));
    int steps = lines.size();
    double first = mean(lines.subList(0, steps / 8));
    double last = mean(lines.subList(steps - steps / 8, steps));
    assertThat(last).isLessThan(.85 * first);
  }

  private static double mean(List<String> lines) {
    return lines.stream()
        .mapToDouble(line -> Json.parseYaml("log", line).path("total").asDouble())
        .average()
        .orElseThrow();
  }

  @Test
  void killed_and_resumed_ends_with_the_weights_of_an_unbroken_run() throws IOException {
    String unbroken = train(model(), "unbroken", 30);
    Watched<E> killed = new Watched<>(model(), 17, manager);
    assertThatThrownBy(() -> train(killed, "broken", 30)).hasMessage("killed");

    assertThat(train(model(), "broken", 30)).isEqualTo(unbroken);
  }

  @Test
  void live_arrays_do_not_grow_over_200_steps() throws IOException {
    Watched<E> watched = new Watched<>(model(), -1, manager);
    train(watched, "run", 210);
    assertThat(watched.late).isEqualTo(watched.early).isPositive();
  }

  private String train(Objective<E> model, String name, int steps) throws IOException {
    Photos photos = new Photos(TestImages.write(folder.resolve("images"), 16));
    Optimiser adam = new Optimiser.AdamW(learningRate(), .05, .9, .95);
    Plan plan = new Plan(steps, 8, adam, Schedule.cosine(.05), 1, 5, 7, 2);
    return TrainingLoop.train(plan, examples(photos), model, folder.resolve(name)).digest();
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
  }
}
