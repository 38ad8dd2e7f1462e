package downstream.eval.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.parallel.BatchShare;
import downstream.eval.testing.CachedExamples;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Optimiser.LarsForm;
import downstream.eval.train.optimiser.Schedule;
import downstream.eval.train.optimiser.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingLoopTest {
  private static final int STEPS = 60;
  private static final Optimiser ADAM = new Optimiser.AdamW(0.05, 0.01, 0.9, 0.95);

  @TempDir Path folder;

  @Test
  void learns_a_linear_function() throws IOException {
    try (Line line = new Line(-1)) {
      TrainingLoop.train(plan(400, 1), new Points(), line, folder);

      assertThat(line.weight.toFloatArray()[0])
          .isCloseTo(3f, org.assertj.core.data.Offset.offset(0.05f));
      assertThat(line.bias.toFloatArray()[0])
          .isCloseTo(-1f, org.assertj.core.data.Offset.offset(0.05f));
    }
  }

  @Test
  void same_seed_gives_same_weights_whatever_the_threads() throws IOException {
    assertThat(digestAfter(plan(STEPS, 1), "a")).isEqualTo(digestAfter(plan(STEPS, 4), "b"));
  }

  @Test
  void another_seed_gives_other_weights() throws IOException {
    TrainingPlan other = new TrainingPlan(STEPS, 4, ADAM, Schedule.cosine(0.1), 1, 8, 10, 1);
    assertThat(digestAfter(plan(STEPS, 1), "a")).isNotEqualTo(digestAfter(other, "b"));
  }

  static Stream<Optimiser> optimisers() {
    return Stream.of(
        ADAM,
        new Optimiser.Sgd(0.05, 0.9, 0.01, true),
        new Optimiser.Lars(0.5, 0.9, 1e-3, 0.01, LarsForm.BYOL),
        new Optimiser.Lars(0.5, 0.9, 1e-3, 0.01, LarsForm.ORL));
  }

  @ParameterizedTest
  @MethodSource("optimisers")
  void resumed_run_ends_with_the_weights_of_an_unbroken_one(Optimiser optimiser)
      throws IOException {
    TrainingPlan plan = plan(STEPS, optimiser, 2);
    String unbroken = digestAfter(plan, "unbroken");
    Path broken = folder.resolve("broken");
    try (Line line = new Line(37)) {
      assertThatThrownBy(() -> TrainingLoop.train(plan, new Points(), line, broken))
          .hasMessage("power cut");
    }

    String resumed = digestAfter(plan, "broken");

    assertThat(resumed).isEqualTo(unbroken);
    assertThat(Files.readAllLines(broken.resolve("log.jsonl"))).hasSize(STEPS);
    assertThat(Files.readAllLines(broken.resolve("log.jsonl")))
        .isEqualTo(Files.readAllLines(folder.resolve("unbroken").resolve("log.jsonl")));
  }

  @Test
  void two_replicas_resume_with_the_weights_of_an_unbroken_training() throws IOException {
    String unbroken = digestOfTwo(-1, "unbroken");
    assertThatThrownBy(() -> digestOfTwo(37, "broken")).hasMessage("power cut");

    assertThat(digestOfTwo(-1, "broken")).isEqualTo(unbroken);
    assertThat(folder.resolve("broken/log.jsonl"))
        .hasSameTextualContentAs(folder.resolve("unbroken/log.jsonl"));
  }

  private String digestOfTwo(int failAt, String name) throws IOException {
    try (Line first = new Line(failAt);
        Line second = new Line(failAt)) {
      return TrainingLoop.train(
              plan(STEPS, 1),
              new Points(),
              List.of(first, second),
              folder.resolve(name),
              TrainingOptions.DEFAULTS)
          .digest();
    }
  }

  @Test
  void refuses_fewer_examples_than_replicas() {
    TrainingPlan plan = new TrainingPlan(1, 1, ADAM, Schedule.cosine(0), 0, 7, 10, 1);
    try (Line first = new Line(-1);
        Line second = new Line(-1)) {
      assertThatThrownBy(
              () ->
                  TrainingLoop.train(
                      plan, new Points(), List.of(first, second), folder, TrainingOptions.DEFAULTS))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("line: has 1 examples in a batch for 2 devices")
          .hasMessageContaining("a larger batch");
    }
  }

  @Test
  void refuses_the_checkpoint_of_another_training() throws IOException {
    digestAfter(plan(STEPS, 1), "used");
    assertThatThrownBy(() -> digestAfter(plan(STEPS + 1, 1), "used"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("checkpoint.bin: belongs to another training");
  }

  @Test
  void stops_on_a_loss_that_is_not_finite_naming_method_step_and_seed() {
    Examples<float[]> poisoned =
        new Points() {
          @Override
          public float[] load(int index, RandomGenerator random) {
            return new float[] {index == 5 ? Float.NaN : 1, 1};
          }
        };
    try (Line line = new Line(-1)) {
      assertThatThrownBy(() -> TrainingLoop.train(plan(STEPS, 1), poisoned, line, folder))
          .isInstanceOf(NonFiniteLoss.class)
          .hasMessageContaining("line: the loss is not finite at step ")
          .hasMessageContaining("(seed 7)");
    }
  }

  @ParameterizedTest
  @MethodSource("optimisers")
  void results_read_back_late_are_the_same(Optimiser optimiser) throws IOException {
    TrainingPlan plan = plan(STEPS, optimiser, 1);
    String each = digestAfter(plan, "each");
    try (Line line = new Line(-1)) {
      TrainingOptions late = TrainingOptions.DEFAULTS.readingEvery(7);
      String digest =
          TrainingLoop.train(plan, new Points(), line, folder.resolve("late"), late).digest();
      assertThat(digest).isEqualTo(each);
    }
    assertThat(folder.resolve("late/log.jsonl"))
        .hasSameTextualContentAs(folder.resolve("each/log.jsonl"));
  }

  @Test
  void a_gradient_that_is_not_finite_is_named_before_a_checkpoint_holds_it() {
    TrainingOptions late = TrainingOptions.DEFAULTS.readingEvery(7);
    try (Line line = new Line(-1)) {
      line.poisonAt = 15;
      assertThatThrownBy(() -> TrainingLoop.train(plan(STEPS, 1), new Points(), line, folder, late))
          .isInstanceOf(NonFiniteLoss.class)
          .hasMessageContaining("line: the loss is not finite at step 15 (seed 7)")
          .hasMessageContaining("{gradient of bias=NaN}");
      assertThat(line.lastStep).isBetween(15, 15 + 7);
    }
    assertThat(folder.resolve("log.jsonl")).content().hasLineCount(10);
    assertThat(folder.resolve("checkpoint.bin")).exists();
  }

  @Test
  void a_checkpoint_that_cannot_be_written_stops_the_run() throws IOException {
    Files.createDirectories(folder.resolve("checkpoint.bin/blocked"));
    try (Line line = new Line(-1)) {
      assertThatThrownBy(() -> TrainingLoop.train(plan(STEPS, 1), new Points(), line, folder))
          .isInstanceOf(BadInput.class);
    }
    Path later = folder.resolve("later");
    try (Line line = new Line(-1)) {
      line.blocked = later.resolve("checkpoint.bin/blocked");
      assertThatThrownBy(() -> TrainingLoop.train(plan(STEPS, 1), new Points(), line, later))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("checkpoint.bin: cannot be written");
      assertThat(line.lastStep).isBetween(10, 20);
    }
  }

  @Test
  void a_step_reads_once_from_the_device() throws Exception {
    Path events = folder.resolve("reads.jfr");
    try (Line line = new Line(-1);
        Recording recording = new Recording()) {
      recording.enable("downstream.DeviceRead");
      recording.start();
      TrainingLoop.train(plan(STEPS, 1), new Points(), line, folder.resolve("run"));
      recording.stop();
      recording.dump(events);
    }
    assertThat(RecordingFile.readAllEvents(events)).hasSize(STEPS);
  }

  @Test
  void arrays_are_made_ahead_on_loader_threads_and_freed() throws IOException {
    try (Line line = new Line(-1)) {
      TrainingLoop.train(plan(STEPS, 3), new Points(), line, folder);
      assertThat(line.madeBy).containsOnly("loader");
      assertThat(line.made).hasSize(STEPS).allMatch(array -> ((PtNDArray) array).isReleased());
    }
  }

  @Test
  void refuses_an_empty_set() {
    Examples<float[]> none =
        new Points() {
          @Override
          public int size() {
            return 0;
          }
        };
    try (Line line = new Line(-1)) {
      assertThatThrownBy(() -> TrainingLoop.train(plan(1, 1), none, line, folder))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("no images to train on");
    }
  }

  @Test
  void live_arrays_do_not_grow() throws IOException {
    try (Line line = new Line(-1)) {
      TrainingLoop.train(plan(210, 1), new Points(), line, folder);
      assertThat(line.liveAt10).isPositive();
      assertThat(line.liveAt200).isEqualTo(line.liveAt10);
    }
  }

  @Test
  void what_is_observed_stands_in_the_log_and_changes_nothing() throws IOException {
    Path watched = folder.resolve("watched");
    String digest;
    try (Line line = new Line(-1)) {
      line.observing = true;
      digest = TrainingLoop.train(plan(STEPS, 1), new Points(), line, watched).digest();
    }
    assertThat(digest).isEqualTo(digestAfter(plan(STEPS, 1), "plain"));
    List<String> lines = Files.readAllLines(watched.resolve("log.jsonl"));
    for (int step = 0; step < STEPS; step++) {
      JsonNode observed = Json.MAPPER.readTree(lines.get(step)).path("observed");
      assertThat(observed.path("drawn").isNumber()).isEqualTo(step % 7 == 3);
    }
  }

  @Test
  void observations_of_a_resumed_run_are_those_of_an_unbroken_one() throws IOException {
    for (int failAt : new int[] {-1, 25, 44, -1}) {
      try (Line line = new Line(failAt)) {
        line.observing = true;
        Path run = folder.resolve(failAt < 0 && !Files.exists(folder.resolve("a")) ? "a" : "b");
        if (failAt < 0) {
          TrainingLoop.train(plan(STEPS, 1), new Points(), line, run);
        } else {
          assertThatThrownBy(() -> TrainingLoop.train(plan(STEPS, 1), new Points(), line, run))
              .hasMessage("power cut");
        }
      }
    }
    assertThat(folder.resolve("b/log.jsonl"))
        .hasSameTextualContentAs(folder.resolve("a/log.jsonl"));
  }

  @Test
  void measures_its_pace_without_writing() throws IOException {
    try (Line line = new Line(-1)) {
      StepTiming pace = TrainingLoop.measure(plan(2, 1), new Points(), line, 3, 20);
      assertThat(pace.secondsPerStep()).isBetween(1e-6, 1.0);
      assertThat(pace.waitShare()).isBetween(0.0, 1.0);
      pace.residentBytes().ifPresent(bytes -> assertThat(bytes).isGreaterThan(10_000_000L));
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void pace_knows_waiting_from_working() throws IOException {
    Examples<float[]> slow =
        new Points() {
          @Override
          public float[] load(int index, RandomGenerator random) throws IOException {
            LockSupport.parkNanos(3_000_000);
            return super.load(index, random);
          }
        };
    try (Line line = new Line(-1)) {
      StepTiming waiting = TrainingLoop.measure(plan(40, 1), slow, line, 5, 20);
      StepTiming held = TrainingLoop.measure(plan(40, 1), CachedExamples.of(slow, 6), line, 5, 20);
      assertThat(waiting.secondsPerStep()).isGreaterThan(.009);
      assertThat(waiting.waitShare()).isGreaterThan(.5);
      assertThat(held.secondsPerStep()).isLessThan(waiting.secondsPerStep());
      assertThat(held.waitShare()).isLessThan(waiting.waitShare());
    }
  }

  @ParameterizedTest
  @MethodSource("optimisers")
  void first_steps_done_twice_leave_no_trace_in_the_weights(Optimiser optimiser)
      throws IOException {
    TrainingPlan plan = plan(STEPS, optimiser, 2);
    try (Line line = new Line(-1)) {
      Path twice = folder.resolve("twice");
      String digest = TrainingLoop.train(plan, new Points(), line, twice, twice(3)).digest();
      assertThat(digest).isEqualTo(digestAfter(plan, "once"));
      assertThat(Files.readAllLines(twice.resolve("log.jsonl"))).hasSize(STEPS);
      JsonNode report = Json.read(twice.resolve(TrainingLoop.DETERMINISM_FILE));
      assertThat(report.path("bit_exact").asBoolean()).isTrue();
      assertThat(report.path("loss_spread").asDouble(1)).isZero();
      assertThat(report.path("first_batches")).hasSize(3).allMatch(ids -> ids.size() == 4);
      assertThat(folder.resolve("once").resolve(TrainingLoop.DETERMINISM_FILE)).doesNotExist();
    }
  }

  @Test
  void steps_that_come_out_otherwise_are_not_certified() throws IOException {
    try (Line line = new Line(-1)) {
      line.drift = 0.25f;
      TrainingLoop.train(plan(5, 1), new Points(), line, folder, twice(2));
      JsonNode report = Json.read(folder.resolve(TrainingLoop.DETERMINISM_FILE));
      assertThat(report.path("bit_exact").asBoolean(true)).isFalse();
      // Two steps lie between the first and the second time, each adding a quarter.
      assertThat(report.path("loss_spread").asDouble())
          .isCloseTo(0.5, org.assertj.core.data.Offset.offset(1e-5));
    }
  }

  private static TrainingOptions twice(int steps) {
    return TrainingOptions.DEFAULTS.checkingDeterminism(steps);
  }

  private String digestAfter(TrainingPlan plan, String name) throws IOException {
    try (Line line = new Line(-1)) {
      return TrainingLoop.train(plan, new Points(), line, folder.resolve(name)).digest();
    }
  }

  private static TrainingPlan plan(int steps, int threads) {
    return plan(steps, ADAM, threads);
  }

  private static TrainingPlan plan(int steps, Optimiser optimiser, int threads) {
    return new TrainingPlan(steps, 4, optimiser, Schedule.cosine(0.1), 1, 7, 10, threads);
  }

  /** Points (x, 3x − 1), x drawn again each epoch. */
  private static class Points implements Examples<float[]> {
    @Override
    public int size() {
      return 18;
    }

    @Override
    public float[] load(int index, RandomGenerator random) throws IOException {
      float x = (float) random.nextDouble(-1, 1);
      return new float[] {x, 3 * x - 1};
    }
  }

  /** y = weight · x + bias, with squared error and a little noise from both generators. */
  private static final class Line implements Objective<float[]>, AutoCloseable {
    private final NDManager manager = NDManager.newBaseManager();
    private final NDArray weight = manager.zeros(new Shape(1));
    private final NDArray bias = manager.zeros(new Shape(1));
    private final int failAt;
    private int liveAt10;
    private int liveAt200;
    private boolean observing;

    /** Added to the loss more often the more steps were done: what no checkpoint knows of. */
    private float drift;

    private int calls;
    private int lastStep;
    private @Nullable Path blocked;
    private final Queue<NDArray> made = new ConcurrentLinkedQueue<>();
    private final Set<String> madeBy = ConcurrentHashMap.newKeySet();

    /** Step whose loss is finite while the gradient of the bias is not. */
    private int poisonAt = -1;

    Line(int failAt) {
      this.failAt = failAt;
      weight.setRequiresGradient(true);
      bias.setRequiresGradient(true);
    }

    @Override
    public String name() {
      return "line";
    }

    @Override
    public List<Weight> weights() {
      return List.of(
          new Weight("weight", weight, true, 1, true), new Weight("bias", bias, false, 1, true));
    }

    @Override
    public NDList arrays(List<float[]> batch, NDManager manager) {
      NDArray xs = manager.create(xs(batch));
      made.add(xs);
      madeBy.add(Thread.currentThread().getName());
      return new NDList(xs);
    }

    private static float[] xs(List<float[]> batch) {
      float[] x = new float[batch.size()];
      for (int i = 0; i < x.length; i++) {
        x[i] = batch.get(i)[0];
      }
      return x;
    }

    @Override
    public Losses losses(List<float[]> batch, Step step) {
      if (step.index() == failAt) {
        throw new IllegalStateException("power cut");
      }
      lastStep = step.index();
      if (blocked != null && lastStep == 5) {
        block(blocked);
      }
      float[] y = BatchShare.current().inTurn(() -> drawn(batch, step));
      NDArray noise =
          BatchShare.current()
              .rows(y.length, step.manager(), rows -> step.manager().randomNormal(new Shape(rows)))
              .mul(1e-4);
      NDArray error =
          arrays(batch, step).head().mul(weight).add(bias).add(noise).sub(step.manager().create(y));
      NDArray loss = error.square().mean().add(drift * calls++);
      if (step.index() == poisonAt) {
        loss = loss.add(bias.sub(bias).sqrt().sum()); // 0, whose slope is infinite: ∞ − ∞
      }
      int live =
          step.manager().getParentManager().getManagedArrays().size()
              + manager.getManagedArrays().size();
      liveAt10 = step.index() == 10 ? live : liveAt10;
      liveAt200 = step.index() == 200 ? live : liveAt200;
      return new Losses(loss, Map.of("squared", loss));
    }

    private static float[] drawn(List<float[]> batch, Step step) {
      float[] y = new float[batch.size()];
      for (int i = 0; i < y.length; i++) {
        y[i] = batch.get(i)[1] + (float) (1e-4 * step.random().nextDouble());
      }
      return y;
    }

    @Override
    public boolean observesAt(Step step) {
      return observing && step.index() % 7 == 3;
    }

    private static void block(Path folder) {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Draws from both generators: later steps must not notice. */
    @Override
    public Map<String, Double> observe(Step step) {
      double drawn =
          step.random().nextDouble() + step.manager().randomNormal(new Shape(1)).getFloat();
      return Map.of("drawn", drawn, "weight", (double) weight.toFloatArray()[0]);
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}
