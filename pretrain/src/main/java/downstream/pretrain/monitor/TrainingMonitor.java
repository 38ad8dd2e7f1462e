package downstream.pretrain.monitor;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingOptions;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.TrainingResult;
import downstream.eval.train.TrainingStopped;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.settings.MonitorSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Measures a training at its evaluation points: effective rank of a fixed probe, k-NN agreement,
 * drawings. The metrics go into the training's log, drawings and {@code report.html} into its
 * folder. Nothing it does changes the training, and a resumed one has the same evaluation points.
 */
public final class TrainingMonitor {
  private static final int BATCH = 64;
  private static final int SEED = 0;
  private static final int OBJECTS_PER_NEIGHBOUR = 4;

  private final String method;
  private final MonitorSettings settings;
  private final Path folder;
  private final Map<String, Function<Step, Double>> metrics = new LinkedHashMap<>();
  private final Map<String, Visualisation> visualisations = new LinkedHashMap<>();
  private final Map<String, String> notes = new LinkedHashMap<>();

  /**
   * A monitor that measures nothing yet.
   *
   * @param folder of the training
   */
  public TrainingMonitor(String method, MonitorSettings settings, Path folder) {
    this.method = method;
    this.settings = settings;
    this.folder = folder;
  }

  /** Adds the effective rank of the features ({@code rank}). */
  public TrainingMonitor rank(FeatureProbe probe, ImageEmbedder embedder) {
    return rank("rank", "features", probe, embedder);
  }

  /**
   * Adds the effective rank of the projections ({@code rank.projections}): where the projector ends
   * with a batch norm, whose outputs always have a spread of about 1, nothing else shows a
   * collapse.
   */
  public TrainingMonitor rankOfProjections(FeatureProbe probe, ImageEmbedder projector) {
    return rank("rank.projections", "projections", probe, projector);
  }

  /** Adds a rank that stops the training below its limit, after the warm-up. */
  private TrainingMonitor rank(
      String name, String what, FeatureProbe probe, ImageEmbedder embedder) {
    notes.put(
        name,
        "effective rank of the centred %s of %d images".formatted(what, probe.images().size()));
    return metric(
        name, step -> checked(what, EffectiveRank.of(embed(probe, embedder, step)), step));
  }

  private double checked(String what, double rank, Step step) {
    if (settings.isWarmedUp(step.index(), step.steps()) && rank < settings.stopBelowRank()) {
      throw Collapse.ofRank(method, what, step.index(), rank, settings.stopBelowRank());
    }
    return rank;
  }

  /**
   * Adds the share of nearest neighbours of labelled objects that have their class ({@code knn}). k
   * is at most a quarter of the objects: all of them together always agree at chance level.
   */
  public TrainingMonitor neighbours(FeatureProbe labelled, ImageEmbedder embedder) {
    int objects = labelled.images().size();
    int k = Math.max(1, Math.min(settings.neighbours(), objects / OBJECTS_PER_NEIGHBOUR));
    notes.put(
        "knn",
        String.format(
            Locale.ROOT,
            "share of the %d nearest of %d labelled objects that have an object's class; chance"
                + " level %.3f",
            k,
            objects,
            KnnAgreement.chance(labelled.labels())));
    return metric(
        "knn", step -> KnnAgreement.of(embed(labelled, embedder, step), labelled.labels(), k));
  }

  private TrainingMonitor metric(String name, Function<Step, Double> metric) {
    metrics.put(name, metric);
    return this;
  }

  /**
   * Adds a drawing at each evaluation point: {@code visualisations/step-000123-NAME.png}.
   *
   * @param name letters, digits and hyphens
   */
  public TrainingMonitor visualise(String name, Visualisation visualisation) {
    if (!name.matches("[A-Za-z0-9-]+")) {
      throw new IllegalArgumentException(
          "a visualisation's name has letters, digits, hyphens: " + name);
    }
    visualisations.put(name, visualisation);
    return this;
  }

  /** Trains with the default options. */
  public <E> TrainingResult train(
      TrainingPlan plan, Examples<E> examples, Objective<E> objective, Object shown)
      throws IOException {
    return train(plan, examples, List.of(objective), shown, TrainingOptions.DEFAULTS);
  }

  /**
   * Trains as {@link TrainingLoop#train} does, with this monitor. At the end, or when the training
   * stops of itself, {@code loss.png} and {@code report.html} are written.
   *
   * @param replicas share each batch; the first is monitored
   * @param shown the settings, for the report
   */
  public <E> TrainingResult train(
      TrainingPlan plan,
      Examples<E> examples,
      List<? extends Objective<E>> replicas,
      Object shown,
      TrainingOptions options)
      throws IOException {
    List<Objective<E>> monitored = new ArrayList<>(replicas);
    monitored.set(0, new MonitoredObjective<>(replicas.get(0), this));
    MonitorPage report = new MonitorPage(method, folder, shown, notes);
    try {
      TrainingResult trained = TrainingLoop.train(plan, examples, monitored, folder, options);
      report.write(Optional.empty());
      return trained;
    } catch (TrainingStopped stopped) {
      report.write(Optional.ofNullable(stopped.getMessage()));
      throw stopped;
    }
  }

  /** Tells whether a step is an evaluation point. */
  boolean observesAt(Step step) {
    return settings.isEvaluationPoint(step);
  }

  /** Measures and draws, at an evaluation point. */
  Map<String, Double> observe(Step step) {
    Map<String, Double> observed = new LinkedHashMap<>();
    visualisations.forEach((name, visualisation) -> draw(name, visualisation, step));
    metrics.forEach((name, metric) -> observed.put(name, scoped(step, metric)));
    return observed;
  }

  private void draw(String name, Visualisation visualisation, Step step) {
    String file = String.format(Locale.ROOT, "step-%06d-%s.png", step.index(), name);
    Path png = folder.resolve(MonitorPage.VISUALISATIONS).resolve(file);
    scoped(step, visualisation::draw).writePng(png);
  }

  private static float[][] embed(FeatureProbe probe, ImageEmbedder embedder, Step step) {
    List<float[]> rows = new ArrayList<>();
    int count = probe.images().size();
    for (int from = 0; from < count; from += BATCH) {
      List<float[]> batch = probe.images().subList(from, Math.min(count, from + BATCH));
      rows.addAll(List.of(scoped(step, scope -> embedder.embed(batch, scope))));
    }
    return rows.toArray(float[][]::new);
  }

  /** Runs something in a scope of its own, with generators that start the same every time. */
  private static <T> T scoped(Step step, Function<Step, T> work) {
    Engine.getInstance().setRandomSeed(SEED);
    try (NDManager scope = step.manager().newSubManager()) {
      return work.apply(
          new Step(
              step.index(),
              step.steps(),
              scope,
              new ParameterStore(scope, false),
              new SplittableRandom(SEED)));
    }
  }

  /** An objective whose observations are completed by those of a monitor. */
  private record MonitoredObjective<E>(Objective<E> objective, TrainingMonitor monitor)
      implements Objective<E> {
    @Override
    public String name() {
      return objective.name();
    }

    @Override
    public List<Weight> weights() {
      return objective.weights();
    }

    @Override
    public Map<String, NDArray> state() {
      return objective.state();
    }

    @Override
    public NDList arrays(List<E> batch, NDManager manager) {
      return objective.arrays(batch, manager);
    }

    @Override
    public Losses losses(List<E> batch, Step step) {
      return objective.losses(batch, step);
    }

    @Override
    public void afterUpdate(Step step) {
      objective.afterUpdate(step);
    }

    @Override
    public Map<String, NDArray> measure(Step step) {
      return objective.measure(step);
    }

    @Override
    public void check(int step, int steps, Map<String, Double> measured) {
      objective.check(step, steps, measured);
    }

    @Override
    public boolean observesAt(Step step) {
      return objective.observesAt(step) || monitor.observesAt(step);
    }

    @Override
    public Map<String, Double> observe(Step step) {
      Map<String, Double> observed = new LinkedHashMap<>();
      if (objective.observesAt(step)) {
        observed.putAll(objective.observe(step));
      }
      if (monitor.observesAt(step)) {
        observed.putAll(monitor.observe(step));
      }
      return observed;
    }
  }
}
