package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.Digest;
import downstream.eval.Progress;
import downstream.eval.ResidentMemory;
import downstream.eval.torch.Autocast;
import downstream.eval.torch.Bfloat16;
import downstream.eval.torch.Precision;
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

  /**
   * Steps after which a GPU's losses and norms are read back, and with them is found out whether
   * they are finite: reading waits for the device. On a CPU it costs nothing and is done in every
   * step.
   */
  public static final int STEPS_BETWEEN_READS = 10;

  private static final String CHECKPOINT = "checkpoint.bin";
  private static final String LOG = "log.jsonl";

  /** Key of the values of {@link Objective#observe} in a line of the log. */
  static final String OBSERVED = "observed";

  private final TrainingPlan plan;
  private final Examples<E> examples;
  private final List<Objective<E>> replicas;
  private final Objective<E> objective;
  private final Path folder;
  private final TrainingOptions options;
  private final List<Weight> weights;
  private final Map<String, NDArray> saved = new TreeMap<>();

  private TrainingLoop(
      TrainingPlan plan,
      Examples<E> examples,
      List<Objective<E>> replicas,
      Path folder,
      TrainingOptions options) {
    this.plan = plan;
    this.examples = examples;
    this.replicas = List.copyOf(replicas);
    this.objective = replicas.get(0);
    this.folder = folder;
    weights = objective.weights();
    this.options = options;
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
    return measure(plan, examples, List.of(objective), warm, steps);
  }

  /** Measures as {@link #measure(TrainingPlan, Examples, Objective, int, int)}, with replicas. */
  public static <E> StepTiming measure(
      TrainingPlan plan, Examples<E> examples, List<Objective<E>> replicas, int warm, int steps)
      throws IOException {
    if (warm < 0 || steps < 1) {
      throw new IllegalArgumentException(warm + " steps to warm up, " + steps + " to time");
    }
    TrainingPlan lasting = plan.lasting(warm + steps);
    return of(lasting, examples, replicas, Path.of(""), TrainingOptions.DEFAULTS)
        .timing(warm, steps);
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
    return train(plan, examples, objective, folder, TrainingOptions.DEFAULTS);
  }

  /**
   * Trains as {@link #train(TrainingPlan, Examples, Objective, Path)} with options. If the first
   * steps are run twice, {@link #DETERMINISM_FILE} in {@code folder} reports it.
   */
  public static <E> TrainingResult train(
      TrainingPlan plan,
      Examples<E> examples,
      Objective<E> objective,
      Path folder,
      TrainingOptions options)
      throws IOException {
    return train(plan, examples, List.of(objective), folder, options);
  }

  /**
   * Trains as {@link #train(TrainingPlan, Examples, Objective, Path, TrainingOptions)}, the batches
   * shared by replicas. The weights are those of one replica with the whole batches, to rounding.
   *
   * @param replicas objectives that are made alike, each on its device; the first is asked for
   *     everything but losses, and holds the result
   * @throws BadInput also if a batch has fewer examples than there are replicas
   */
  public static <E> TrainingResult train(
      TrainingPlan plan,
      Examples<E> examples,
      List<Objective<E>> replicas,
      Path folder,
      TrainingOptions options)
      throws IOException {
    return of(plan, examples, replicas, folder, options).run();
  }

  private static <E> TrainingLoop<E> of(
      TrainingPlan plan,
      Examples<E> examples,
      List<Objective<E>> replicas,
      Path folder,
      TrainingOptions options) {
    if (examples.size() == 0) {
      throw new BadInput(
          replicas.get(0).name(),
          "has no images to train on: its training set is empty",
          "Check the folder of --images, or the training split in the data YAML");
    }
    int batch = Math.min(plan.batch(), examples.size());
    if (batch < replicas.size()) {
      throw new BadInput(
          replicas.get(0).name(),
          "has " + batch + " examples in a batch for " + replicas.size() + " devices",
          "Use fewer devices (--device cuda:0 for one), or a larger batch");
    }
    return new TrainingLoop<>(plan, examples, replicas, folder, options);
  }

  private NDManager newManager() {
    return device().newManager();
  }

  private Device device() {
    return Objective.device(objective);
  }

  private TrainingSteps<E> steps(NDManager manager) {
    int readEvery =
        options.stepsBetweenReads().orElse(manager.getDevice().isGpu() ? STEPS_BETWEEN_READS : 1);
    return new TrainingSteps<>(plan, replicas, manager, readEvery, options.trace());
  }

  private Loader<E> loader(TrainingPlan ahead, int start) {
    return new Loader<>(examples, replicas, ahead, start, options.trace());
  }

  private static <E> List<Map<String, Object>> run(
      TrainingSteps<E> steps, int step, Loader<E> loader) throws IOException {
    try (Batch<E> batch = loader.take()) {
      return steps.run(step, batch);
    }
  }

  private StepTiming timing(int warm, int count) throws IOException {
    try (Autocast ignored = Autocast.to(plan.precision());
        NDManager manager = newManager();
        Loader<E> loader = loader(plan, 0);
        TrainingSteps<E> steps = steps(manager)) {
      steps.start();
      run(steps, loader, 0, warm);
      double waited = loader.waitSeconds();
      long began = System.nanoTime();
      run(steps, loader, warm, warm + count);
      double seconds = (System.nanoTime() - began) * 1e-9;
      return new StepTiming(
          seconds / count, (loader.waitSeconds() - waited) / seconds, ResidentMemory.peak());
    }
  }

  /** Runs steps whose results are of no interest. */
  private void run(TrainingSteps<E> steps, Loader<E> loader, int from, int to) throws IOException {
    for (int step = from; step < to; step++) {
      run(steps, step, loader);
    }
    steps.read();
  }

  /** Tells once a training that bfloat16 saves no time on this processor. */
  private void sayIfRounded() {
    if (plan.precision() == Precision.BFLOAT16
        && !Bfloat16.isFast(weights.get(0).array().getManager())) {
      System.err.println(
          objective.name()
              + ": this processor has no fast bfloat16; operands are rounded and multiplied in"
              + " float32, which saves no time");
    }
  }

  private TrainingResult run() throws IOException {
    Files.createDirectories(folder);
    sayIfRounded();
    try (Autocast ignored = Autocast.to(plan.precision());
        NDManager manager = newManager();
        TrainingSteps<E> steps = steps(manager)) {
      collectSaved(steps.kept());
      int start = resume();
      steps.start();
      DeterminismCheck check =
          checkDeterminism(start == 0 ? options.determinismSteps() : 0, steps, manager);
      long began = System.nanoTime();
      double waited = 0;
      if (start < plan.steps()) {
        waited = runSteps(start, check, steps);
      }
      double seconds = (System.nanoTime() - began) * 1e-9;
      Map<String, NDArray> result = new LinkedHashMap<>();
      weights.forEach(weight -> result.put(weight.name(), weight.array()));
      return new TrainingResult(
          seconds, waited / Math.max(seconds, 1e-9), batchDigest(), Checkpoint.digest(result));
    }
  }

  /** Runs the first steps twice and then restores the state before them. */
  private DeterminismCheck checkDeterminism(int atMost, TrainingSteps<E> steps, NDManager manager)
      throws IOException {
    int count = Math.min(atMost, plan.steps());
    DeterminismCheck check = new DeterminismCheck(count);
    if (count > 0) {
      try (NDManager scope = manager.newSubManager();
          Loader<E> loader = loader(plan.withSteps(count), 0)) {
        Map<String, NDArray> before = new TreeMap<>();
        Gradients.doWithout(() -> before.putAll(DeterminismCheck.copies(saved, scope)));
        List<Map<String, Object>> lines = new ArrayList<>();
        for (int step = 0; step < count; step++) {
          lines.addAll(run(steps, step, loader));
        }
        lines.addAll(steps.read());
        for (int step = 0; step < count; step++) {
          check.first(loader.indices(step), lines.get(step));
        }
        Gradients.doWithout(() -> before.forEach((name, copy) -> copy.copyTo(saved.get(name))));
        steps.start();
      }
    }
    return check;
  }

  private double runSteps(int start, DeterminismCheck check, TrainingSteps<E> steps)
      throws IOException {
    Path checkpoint = folder.resolve(CHECKPOINT);
    try (Loader<E> loader = loader(plan, start);
        TrainingLog log = new TrainingLog(folder.resolve(LOG), start);
        CheckpointWriter checkpoints =
            new CheckpointWriter(checkpoint, identity(), saved, device(), options.trace());
        Progress progress =
            new Progress(objective.name(), "step", start, plan.steps(), loader.batch())) {
      double loss = Double.NaN;
      for (int step = start; step < plan.steps(); step++) {
        try (Trace.Span whole = options.trace().span("step")) {
          List<Map<String, Object>> lines = new ArrayList<>(run(steps, step, loader));
          boolean due = (step + 1) % plan.checkpointEvery() == 0 || step + 1 == plan.steps();
          if (due) {
            lines.addAll(steps.read()); // what a checkpoint holds has been checked
          }
          try (Trace.Span logging = options.trace().span("log")) {
            for (Map<String, Object> line : lines) {
              log.add(line);
              check.again(line, folder);
              loss = ((Number) Objects.requireNonNull(line.get("total"))).doubleValue();
            }
            progress.at(step + 1, state(loss, loader.waitSeconds() / progress.seconds()));
          }
          if (due) {
            checkpoints.start(step + 1);
          }
        }
      }
      return loader.waitSeconds();
    }
  }

  private static String state(double loss, double waited) {
    return String.format(Locale.ROOT, "loss %.4f  waited for data %.0f%%", loss, 100 * waited);
  }

  private void collectSaved(Map<String, NDArray> kept) {
    weights.forEach(weight -> put("weight." + weight.name(), weight.array()));
    objective.state().forEach((name, array) -> put("state." + name, array));
    kept.forEach(this::put);
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
    try (Loader<E> loader = loader(plan, 0)) {
      return loader.digest(Math.min(10, plan.steps()));
    }
  }
}
