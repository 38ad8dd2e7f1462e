package downstream.pretrain.monitor;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.train.Examples;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.TrainingResult;
import downstream.eval.train.TrainingStopped;
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
 * Looks at a training now and then: effective rank of a fixed probe, agreement of neighbours,
 * pictures. The figures go into the training's log, pictures and {@code report.html} into its
 * folder. Nothing it does changes the training, and a resumed one is looked at at the same steps.
 */
public final class TrainingMonitor {
  private static final int BATCH = 64;
  private static final int SEED = 0;
  private static final int ITEMS_A_NEIGHBOUR = 4;

  private final String method;
  private final MonitorSettings settings;
  private final Path folder;
  private final Map<String, Function<Step, Double>> figures = new LinkedHashMap<>();
  private final Map<String, Visualisation> drawings = new LinkedHashMap<>();
  private final Map<String, String> notes = new LinkedHashMap<>();

  /**
   * A watch that looks at nothing yet.
   *
   * @param folder the training's
   */
  public TrainingMonitor(String method, MonitorSettings settings, Path folder) {
    this.method = method;
    this.settings = settings;
    this.folder = folder;
  }

  /** Watches the effective rank of the features ({@code rank}). */
  public TrainingMonitor rank(FeatureProbe probe, ImageEmbedder embedder) {
    return rank("rank", "features", probe, embedder);
  }

  /**
   * Watches the effective rank of the projections ({@code rank.projections}): where the projector
   * ends with a batch norm, whose outputs always have a spread of about 1, nothing else tells.
   */
  public TrainingMonitor rankOfProjections(FeatureProbe probe, ImageEmbedder projector) {
    return rank("rank.projections", "projections", probe, projector);
  }

  /** Near 1, after the warm-up, training stops. */
  private TrainingMonitor rank(
      String name, String what, FeatureProbe probe, ImageEmbedder embedder) {
    notes.put(
        name,
        "effective rank of the centred %s of %d images".formatted(what, probe.images().size()));
    return figure(name, step -> rank(what, EffectiveRank.of(embed(probe, embedder, step)), step));
  }

  private double rank(String what, double rank, Step step) {
    if (settings.warm(step) && rank < settings.minRank()) {
      throw Collapse.ofRank(method, what, step.index(), rank, settings.minRank());
    }
    return rank;
  }

  /**
   * Watches how far the neighbours of labelled items share their class ({@code knn}). With few
   * items fewer neighbours are asked, for all of them together would always agree by chance.
   */
  public TrainingMonitor neighbours(FeatureProbe labelled, ImageEmbedder embedder) {
    int items = labelled.images().size();
    int k = Math.max(1, Math.min(settings.neighbours(), items / ITEMS_A_NEIGHBOUR));
    notes.put(
        "knn",
        String.format(
            Locale.ROOT,
            "share of the %d nearest of %d labelled items that are of an item's class; chance %.3f",
            k,
            items,
            NeighbourAgreement.chance(labelled.labels())));
    return figure(
        "knn",
        step -> NeighbourAgreement.of(embed(labelled, embedder, step), labelled.labels(), k));
  }

  private TrainingMonitor figure(String name, Function<Step, Double> figure) {
    figures.put(name, figure);
    return this;
  }

  /**
   * Draws a picture at each look, into {@code pictures/step-000123-NAME.png}.
   *
   * @param name letters, digits and hyphens
   */
  public TrainingMonitor picture(String name, Visualisation drawing) {
    if (!name.matches("[A-Za-z0-9-]+")) {
      throw new IllegalArgumentException("a picture's name has letters, digits, hyphens: " + name);
    }
    drawings.put(name, drawing);
    return this;
  }

  /**
   * Trains as {@link TrainingLoop#train} does, watching. At the end, or when the training stops of
   * itself, {@code loss.png} and {@code report.html} are written.
   *
   * @param shown the settings, for the report
   */
  public <E> TrainingResult train(
      TrainingPlan plan, Examples<E> examples, Objective<E> objective, Object shown)
      throws IOException {
    MonitorReport report = new MonitorReport(method, folder, shown, notes);
    try {
      TrainingResult trained =
          TrainingLoop.train(plan, examples, new MonitoredObjective<>(objective, this), folder);
      report.write(Optional.empty());
      return trained;
    } catch (TrainingStopped stopped) {
      report.write(Optional.ofNullable(stopped.getMessage()));
      throw stopped;
    }
  }

  /** Looks, if it is time. */
  Map<String, Double> observe(Step step) {
    Map<String, Double> observed = new LinkedHashMap<>();
    if (settings.due(step)) {
      drawings.forEach((name, drawing) -> draw(name, drawing, step));
      figures.forEach((name, figure) -> observed.put(name, scoped(step, figure)));
    }
    return observed;
  }

  private void draw(String name, Visualisation drawing, Step step) {
    String file = String.format(Locale.ROOT, "step-%06d-%s.png", step.index(), name);
    Path png = folder.resolve(MonitorReport.PICTURES).resolve(file);
    scoped(step, drawing::draw).writePng(png);
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
}
