package downstream.pretrain.run;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.Json;
import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.Examples;
import downstream.eval.train.StepTiming;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.TrainingResult;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.monitor.FeatureProbe;
import downstream.pretrain.monitor.MonitorSettings;
import downstream.pretrain.monitor.TrainingMonitor;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.Epochs;
import downstream.pretrain.settings.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * One training of a pretraining: what is trained, on what, how and for how long. It goes on from
 * the checkpoint in its folder.
 *
 * @param name as costs and messages show it
 * @param maker makes the model, its weights owned by the manager it is given
 */
public record TrainingStage<E, L extends PretrainingModel<E>>(
    String name,
    Function<NDManager, L> maker,
    Examples<E> examples,
    TrainingSettings training,
    Budget budget) {
  private static final int WARM = 3;
  private static final int MEASURED = 10;
  private static final String STEPS = "steps.json";

  /** What is done with a trained model, before its weights are freed. */
  interface Finish<L> {
    void accept(L model, Cost cost, TrainingResult trained) throws IOException;
  }

  /** Writes what later stages want of a model, beside the file of its encoder. */
  public interface Beside<L> {
    void write(L model, Path encoder) throws IOException;
  }

  /** Trains in the folder of {@code pretraining} and exports the encoder as the method's. */
  public void run(Pretrainer method, Record settings, PretrainingRequest pretraining)
      throws IOException {
    run(method, settings, pretraining, (model, encoder) -> {});
  }

  /** The same, with more of the model written beside the encoder. */
  public void run(
      Pretrainer method, Record settings, PretrainingRequest pretraining, Beside<L> beside)
      throws IOException {
    Export export = new Export(method, settings, pretraining);
    train(
        pretraining,
        (model, cost, trained) ->
            beside.write(model, export.write(model.encoder(), List.of(cost), trained)));
  }

  /** The same on as many examples, those there are over and over: for an estimate. */
  TrainingStage<E, L> repeated(int size) {
    Examples<E> few = examples;
    Examples<E> many =
        new Examples<>() {
          @Override
          public int size() {
            return size;
          }

          @Override
          public E load(int index, RandomGenerator random) throws IOException {
            return few.load(index % few.size(), random);
          }
        };
    return new TrainingStage<>(name, maker, many, training, budget);
  }

  /** Trains in the folder of {@code pretraining}. */
  void train(PretrainingRequest pretraining, Finish<L> finish) throws IOException {
    Files.createDirectories(pretraining.folder());
    int steps = steps(pretraining);
    TrainingPlan plan = plan(steps, pretraining);
    try (NDManager manager = pretraining.device().newManager()) {
      L model = maker.apply(manager);
      TrainingResult trained = watch(model, pretraining).train(plan, examples, model, training);
      finish.accept(model, cost(steps, model), trained);
    }
  }

  private TrainingMonitor watch(L model, PretrainingRequest pretraining) throws IOException {
    MonitorSettings watched = training.monitor();
    int size = model.encoder().settings().imageSize();
    TrainingMonitor watch = new TrainingMonitor(name, watched, pretraining.folder());
    if (watched.evaluationPoints() > 0) {
      FeatureProbe probe = FeatureProbe.of(pretraining.images(), watched.probeImages(), size);
      watch.rank(probe, model::embed);
      model.projections().ifPresent(projector -> watch.rankOfProjections(probe, projector));
      pretraining
          .probe()
          .ifPresent(
              set ->
                  watch.neighbours(
                      FeatureProbe.ofBoxes(set, watched.probeObjects(), size), model::embed));
      model.drawings(examples).forEach(watch::picture);
    }
    return watch;
  }

  /** Measures a few updates, without leaving anything behind. */
  public CostEstimate estimate(PretrainingRequest pretraining) throws IOException {
    StepTiming pace = pace(WARM, MEASURED, pretraining);
    long flops = flops(pretraining);
    int steps = steps(flops, pace.secondsPerStep());
    long seen = (long) steps * batch();
    return new CostEstimate(
        name, steps, seen, seen * flops, steps * pace.secondsPerStep(), pace.residentBytes());
  }

  /** The time of some updates after some to warm up, of a model that is thrown away. */
  public StepTiming pace(int warm, int steps, PretrainingRequest pretraining) throws IOException {
    try (NDManager manager = pretraining.device().newManager()) {
      TrainingPlan plan = plan(warm + steps, pretraining);
      return TrainingLoop.measure(plan, examples, maker.apply(manager), warm, steps);
    }
  }

  private TrainingPlan plan(int steps, PretrainingRequest pretraining) {
    return training.plan(steps, examples.size(), pretraining.seed(), pretraining.threads());
  }

  private Cost cost(int steps, L model) {
    long seen = (long) steps * batch();
    return new Cost(name, steps, seen, Optional.of(seen * model.flops()));
  }

  /** Examples an update. */
  public int batch() {
    return Epochs.batch(examples.size(), training.batch());
  }

  /**
   * How many updates the budget allows. Minutes are measured once and remembered, so that a resumed
   * run goes on to the same end.
   */
  private int steps(PretrainingRequest pretraining) throws IOException {
    Path remembered = pretraining.folder().resolve(STEPS);
    if (Files.exists(remembered)) {
      return Json.read(remembered).path("steps").asInt();
    }
    int steps =
        switch (budget.unit()) {
          case MINUTES -> Math.toIntExact(estimate(pretraining).steps());
          case FLOPS -> steps(flops(pretraining), Double.NaN);
          case EPOCHS, IMAGES -> steps(0, Double.NaN);
        };
    ObjectNode note = Json.MAPPER.createObjectNode();
    note.put("steps", steps);
    note.put("budget", budget.toString());
    AtomicFile.write(remembered, Json.pretty(note));
    return steps;
  }

  /** Of training on one example. */
  public long flops(PretrainingRequest pretraining) {
    try (NDManager manager = pretraining.device().newManager()) {
      return maker.apply(manager).flops();
    }
  }

  private int steps(long flopsPerImage, double secondsPerStep) {
    double steps =
        switch (budget.unit()) {
          case EPOCHS -> budget.amount() * Epochs.steps(examples.size(), training.batch());
          case IMAGES -> budget.amount() / batch();
          case FLOPS -> budget.amount() / ((double) flopsPerImage * batch());
          case MINUTES -> budget.amount() * 60 / secondsPerStep;
        };
    return Math.max(1, Math.toIntExact(Math.round(steps)));
  }
}
