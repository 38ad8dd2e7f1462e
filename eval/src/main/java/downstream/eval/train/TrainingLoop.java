package downstream.eval.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.Digest;
import downstream.eval.Progress;
import downstream.eval.train.optimiser.OptimiserState;
import downstream.eval.train.optimiser.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The one training loop. Data order, augmentation and every draw derive from (seed, epoch, step,
 * example), so a run that was killed and resumed from its checkpoint ends with the same weights as
 * one that was not.
 */
public final class TrainingLoop<E> {
  /** File that reports whether the first steps, run twice, gave the same results. */
  public static final String DETERMINISM_FILE = "determinism.json";

  private static final String CHECKPOINT = "checkpoint.bin";
  private static final String LOG = "log.jsonl";

  /** Key of the values of {@link Objective#observe} in a line of the log. */
  static final String OBSERVED = "observed";

  private final TrainingPlan plan;
  private final Examples<E> examples;
  private final Objective<E> objective;
  private final Path folder;
  private final List<Weight> weights;
  private final Map<String, NDArray> saved = new TreeMap<>();

  private TrainingLoop(
      TrainingPlan plan, Examples<E> examples, Objective<E> objective, Path folder) {
    this.plan = plan;
    this.examples = examples;
    this.objective = objective;
    this.folder = folder;
    weights = objective.weights();
  }

  /**
   * Runs a few steps from the start for their time and writes no file. The model is changed by it:
   * throw it away.
   *
   * @param warm steps before the clock starts, in which the loader gets ahead and the engine warms
   *     up
   * @param steps steps that are timed
   */
  public static <E> StepTiming measure(
      TrainingPlan plan, Examples<E> examples, Objective<E> objective, int warm, int steps)
      throws IOException {
    if (warm < 0 || steps < 1) {
      throw new IllegalArgumentException(warm + " steps to warm up, " + steps + " to time");
    }
    return of(plan.lasting(warm + steps), examples, objective, Path.of("")).timing(warm, steps);
  }

  /**
   * Trains to the end of the plan, from a checkpoint in {@code folder} if there is one.
   *
   * @param folder receives {@code checkpoint.bin} and {@code log.jsonl}; belongs to this training
   *     alone
   * @throws BadInput if there are no examples, the folder cannot be written, or its checkpoint is
   *     of another training
   * @throws NonFiniteLoss naming method, step and seed
   */
  public static <E> TrainingResult train(
      TrainingPlan plan, Examples<E> examples, Objective<E> objective, Path folder)
      throws IOException {
    return train(plan, examples, objective, folder, 0);
  }

  /**
   * Trains as {@link #train(TrainingPlan, Examples, Objective, Path)}, running the first steps
   * twice to check that they give the same results; {@link #DETERMINISM_FILE} in {@code folder}
   * reports it.
   *
   * @param determinismSteps how many steps; 0 does none twice
   */
  public static <E> TrainingResult train(
      TrainingPlan plan,
      Examples<E> examples,
      Objective<E> objective,
      Path folder,
      int determinismSteps)
      throws IOException {
    return of(plan, examples, objective, folder).run(Math.min(determinismSteps, plan.steps()));
  }

  private static <E> TrainingLoop<E> of(
      TrainingPlan plan, Examples<E> examples, Objective<E> objective, Path folder) {
    if (examples.size() == 0) {
      throw new BadInput(
          objective.name(), "has no images to train on", "Check the data set and its split");
    }
    return new TrainingLoop<>(plan, examples, objective, folder);
  }

  private NDManager newManager() {
    return Device.of(weights.get(0).array().getManager()).newManager();
  }

  private StepTiming timing(int warm, int steps) throws IOException {
    try (NDManager manager = newManager();
        Loader<E> loader = new Loader<>(examples, plan, 0)) {
      OptimiserState update = OptimiserState.of(plan.optimiser(), weights, manager);
      for (int step = 0; step < warm; step++) {
        step(step, loader.take(), update, manager);
      }
      double waited = loader.waitSeconds();
      long began = System.nanoTime();
      for (int step = warm; step < warm + steps; step++) {
        step(step, loader.take(), update, manager);
      }
      double seconds = (System.nanoTime() - began) * 1e-9;
      return new StepTiming(
          seconds / steps, (loader.waitSeconds() - waited) / seconds, ResidentMemory.peak());
    }
  }

  private TrainingResult run(int determinismSteps) throws IOException {
    Files.createDirectories(folder);
    try (NDManager manager = newManager()) {
      OptimiserState update = OptimiserState.of(plan.optimiser(), weights, manager);
      collectSaved(update);
      int start = resume();
      DeterminismCheck rehearsal =
          checkDeterminism(start == 0 ? determinismSteps : 0, update, manager);
      long began = System.nanoTime();
      double waited = 0;
      if (start < plan.steps()) {
        waited = runSteps(start, rehearsal, update, manager);
      }
      double seconds = (System.nanoTime() - began) * 1e-9;
      Map<String, NDArray> result = new LinkedHashMap<>();
      weights.forEach(weight -> result.put(weight.name(), weight.array()));
      return new TrainingResult(
          seconds, waited / Math.max(seconds, 1e-9), batchDigest(), Checkpoint.digest(result));
    }
  }

  /** Runs the first steps twice and then restores the state before them. */
  private DeterminismCheck checkDeterminism(int steps, OptimiserState update, NDManager manager)
      throws IOException {
    DeterminismCheck rehearsal = new DeterminismCheck(steps);
    if (steps > 0) {
      try (NDManager scope = manager.newSubManager();
          Loader<E> loader = new Loader<>(examples, plan.withSteps(steps), 0)) {
        Map<String, NDArray> before = new TreeMap<>();
        Gradients.doWithout(() -> before.putAll(DeterminismCheck.copies(saved, scope)));
        for (int step = 0; step < steps; step++) {
          rehearsal.first(loader.indices(step), step(step, loader.take(), update, manager));
        }
        Gradients.doWithout(() -> before.forEach((name, copy) -> copy.copyTo(saved.get(name))));
      }
    }
    return rehearsal;
  }

  private double runSteps(
      int start, DeterminismCheck rehearsal, OptimiserState update, NDManager manager)
      throws IOException {
    try (Loader<E> loader = new Loader<>(examples, plan, start);
        TrainingLog log = new TrainingLog(folder.resolve(LOG), start);
        Progress progress =
            new Progress(objective.name(), "step", start, plan.steps(), loader.batch())) {
      for (int step = start; step < plan.steps(); step++) {
        List<E> batch = loader.take();
        Map<String, Object> line = step(step, batch, update, manager);
        log.add(line);
        rehearsal.again(line, folder);
        progress.at(step + 1, state(line, loader.waitSeconds() / progress.seconds()));
        boolean due = (step + 1) % plan.checkpointEvery() == 0 || step + 1 == plan.steps();
        if (due) {
          Checkpoint.write(folder.resolve(CHECKPOINT), identity(), step + 1, saved);
        }
      }
      return loader.waitSeconds();
    }
  }

  private static String state(Map<String, Object> line, double waited) {
    double loss = ((Number) Objects.requireNonNull(line.get("total"))).doubleValue();
    return String.format(Locale.ROOT, "loss %.4f  waited for data %.0f%%", loss, 100 * waited);
  }

  private Map<String, Object> step(
      int index, List<E> batch, OptimiserState update, NDManager manager) {
    var random = Loader.random(plan.seed(), 2, index, 0);
    Engine.getInstance().setRandomSeed(random.nextInt());
    Map<String, Object> line = new LinkedHashMap<>();
    try (NDManager scope = manager.newSubManager()) {
      Step step = new Step(index, plan.steps(), scope, new ParameterStore(scope, false), random);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        Losses losses = objective.losses(batch, step);
        losses.terms().forEach((name, term) -> line.put(name, term.getFloat()));
        float total = losses.total().getFloat();
        line.put("total", total);
        if (!Float.isFinite(total)) {
          throw new NonFiniteLoss(objective.name(), index, plan.seed(), line);
        }
        collector.backward(losses.total());
      }
      line.put("step", index);
      line.put("rate", plan.rateAt(index));
      line.put("grad_norm", update(index, update, scope));
      Gradients.doWithout(() -> objective.afterUpdate(step));
      Gradients.doWithout(() -> observe(step, line));
    }
    return line;
  }

  private void observe(Step step, Map<String, Object> line) {
    Map<String, Double> observed = objective.observe(step);
    if (!observed.isEmpty()) {
      line.put(OBSERVED, observed);
    }
  }

  /** Clips, updates, zeroes the gradients; returns the norm before clipping. */
  private double update(int index, OptimiserState update, NDManager scope) {
    List<NDArray> gradients = new ArrayList<>();
    Map<String, Float> notFinite = new LinkedHashMap<>();
    double squares = 0;
    for (Weight weight : weights) {
      NDArray gradient = weight.array().getGradient();
      gradient.attach(scope);
      gradients.add(gradient);
      float sum = Gradients.sumOfSquares(gradient);
      squares += sum;
      if (!Float.isFinite(sum)) {
        notFinite.put("gradient of " + weight.name(), sum);
      }
    }
    if (!notFinite.isEmpty()) {
      throw new NonFiniteLoss(objective.name(), index, plan.seed(), notFinite);
    }
    double norm = Math.sqrt(squares);
    double scale = plan.clip() > 0 && norm > plan.clip() ? plan.clip() / norm : 1;
    Gradients.doWithout(
        () -> {
          update.apply(index, gradients, scale, plan.rateAt(index));
          weights.forEach(weight -> JniUtils.zeroGrad((PtNDArray) weight.array()));
        });
    return norm;
  }

  private void collectSaved(OptimiserState update) {
    weights.forEach(weight -> put("weight." + weight.name(), weight.array()));
    objective.state().forEach((name, array) -> put("state." + name, array));
    update.kept().forEach(this::put);
  }

  private void put(String name, NDArray array) {
    if (saved.put(name, array) != null) {
      throw new IllegalStateException(objective.name() + " has two arrays named " + name);
    }
  }

  private int resume() {
    Path checkpoint = folder.resolve(CHECKPOINT);
    if (!Files.exists(checkpoint)) {
      return 0;
    }
    return Gradients.without(() -> Checkpoint.read(checkpoint, identity(), saved));
  }

  /**
   * Returns the properties that must be equal for a checkpoint to be continued: plan, number of
   * examples, shapes of all arrays.
   */
  private String identity() {
    TrainingPlan fixed = plan.withoutMachine();
    Digest digest =
        new Digest()
            .add(objective.name())
            .add(fixed.toString())
            .add(Integer.toString(examples.size()));
    saved.forEach((name, array) -> digest.add(name).add(array.getShape().toString()));
    return digest.hex();
  }

  private String batchDigest() {
    try (Loader<E> loader = new Loader<>(examples, plan, 0)) {
      return loader.digest(Math.min(10, plan.steps()));
    }
  }
}
