package downstream.pretrain.run;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.Examples;
import downstream.eval.train.Objective;
import downstream.eval.train.StepTiming;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingOptions;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.TrainingResult;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.monitor.FeatureProbe;
import downstream.pretrain.monitor.TrainingMonitor;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.MonitorSettings;
import downstream.pretrain.settings.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * One training: a model, its examples, how it is trained and for how long. It continues from the
 * checkpoint in its folder.
 *
 * @param name as costs and messages show it
 * @param modelFactory makes the model, its weights owned by the manager it is given
 * @param extraFile writes what later stages need of the model besides the encoder
 */
public record TrainingStage<E, M extends PretrainingModel<E>>(
    String name,
    Function<NDManager, M> modelFactory,
    Examples<E> examples,
    TrainingSettings training,
    Budget budget,
    ExtraFile<M> extraFile)
    implements TrainingStages {
  private static final int WARM_UP = 3;
  private static final int MEASURED = 10;
  private static final int VISUALISED = 8;
  private static final String STEPS = "steps.json";

  /** Name of what came before a training that starts from an encoder, in its costs. */
  private static final String INIT = "init";

  /** A stage that writes its encoder alone. */
  public TrainingStage(
      String name,
      Function<NDManager, M> modelFactory,
      Examples<E> examples,
      TrainingSettings training,
      Budget budget) {
    this(name, modelFactory, examples, training, budget, (model, encoder) -> {});
  }

  /** Receives a trained model before its weights are freed. */
  interface AfterTraining<M> {
    void accept(M model, StageCost cost, TrainingResult trained) throws IOException;
  }

  /** Writes a part of a trained model beside the file of its encoder. */
  public interface ExtraFile<M> {
    void write(M model, Path encoder) throws IOException;
  }

  /** The same stage, which writes one more file. */
  public TrainingStage<E, M> withExtraFile(ExtraFile<M> file) {
    return new TrainingStage<>(name, modelFactory, examples, training, budget, file);
  }

  @Override
  public void run(Pretrainer method, Record settings, PretrainingRequest request)
      throws IOException {
    train(
        request,
        (model, cost, trained) -> {
          Export export = new Export(method, settings, request);
          Optional<Path> init = model.encoder().settings().init().map(Path::of);
          List<StageCost> costs = new ArrayList<>();
          init.ifPresent(file -> costs.add(StageCost.inherited(INIT, EncoderFile.read(file))));
          costs.add(cost);
          Path encoder =
              init.map(export::continuing).orElse(export).write(model.encoder(), costs, trained);
          extraFile.write(model, encoder);
        });
  }

  /** The same stage on so many examples, the given ones over and over: for an estimate. */
  TrainingStage<E, M> repeated(int size) {
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
    return new TrainingStage<>(name, modelFactory, many, training, budget, extraFile);
  }

  /** Trains in the folder of the request. */
  void train(PretrainingRequest request, AfterTraining<M> after) throws IOException {
    Files.createDirectories(request.folder());
    int steps = steps(request);
    TrainingPlan plan = plan(steps, request);
    try (Replicas<M> replicas = Replicas.open(modelFactory, request.device())) {
      M model = replicas.models().get(0);
      TrainingOptions options = TrainingOptions.DEFAULTS.tracing(request.trace());
      TrainingResult trained =
          monitor(model, request).train(plan, examples, replicas.models(), training, options);
      after.accept(model, cost(steps, model), trained);
    }
  }

  private TrainingMonitor monitor(M model, PretrainingRequest request) throws IOException {
    MonitorSettings settings = training.monitor();
    int size = model.encoder().settings().imageSize();
    TrainingMonitor monitor = new TrainingMonitor(name, settings, request.folder());
    if (settings.evaluationPoints() > 0) {
      FeatureProbe probe = FeatureProbe.of(request.images(), settings.probeImages(), size);
      monitor.rank(probe, model::embed);
      model.projections().ifPresent(projector -> monitor.rankOfProjections(probe, projector));
      request
          .probe()
          .map(labelled -> FeatureProbe.ofBoxes(labelled, settings.knnObjects(), size))
          .ifPresent(labelled -> monitor.neighbours(labelled, model::embed));
      model
          .visualisations(PretrainingModel.sample(examples, VISUALISED))
          .forEach(monitor::visualise);
    }
    return monitor;
  }

  @Override
  public List<CostEstimate> estimate(PretrainingRequest request) throws IOException {
    return List.of(estimateStage(request));
  }

  private CostEstimate estimateStage(PretrainingRequest request) throws IOException {
    StepTiming timing = stepTiming(WARM_UP, MEASURED, request);
    long flops = flops(request);
    int steps = steps(flops, timing.secondsPerStep());
    long seen = (long) steps * batch();
    return new CostEstimate(
        name, steps, seen, seen * flops, steps * timing.secondsPerStep(), timing.residentBytes());
  }

  /** The time of some updates after some to warm up, of a model that is thrown away. */
  public StepTiming stepTiming(int warmUp, int steps, PretrainingRequest request)
      throws IOException {
    try (Replicas<M> replicas = Replicas.open(modelFactory, request.device())) {
      TrainingPlan plan = plan(warmUp + steps, request);
      return TrainingLoop.measure(
          plan, examples, List.<Objective<E>>copyOf(replicas.models()), warmUp, steps);
    }
  }

  private TrainingPlan plan(int steps, PretrainingRequest request) {
    return training.plan(steps, examples.size(), request.seed(), request.threads());
  }

  private StageCost cost(int steps, M model) {
    long seen = (long) steps * batch();
    return new StageCost(name, steps, seen, Optional.of(seen * model.flops()));
  }

  /** Examples of one update. */
  public int batch() {
    return training.batchOf(examples.size());
  }

  /**
   * Number of updates that the budget allows. Minutes are measured once and remembered, so that a
   * resumed run continues to the same end.
   */
  private int steps(PretrainingRequest request) throws IOException {
    Path remembered = request.folder().resolve(STEPS);
    if (Files.exists(remembered)) {
      return Json.read(remembered).path("steps").asInt();
    }
    int steps =
        switch (budget.unit()) {
          case MINUTES -> Math.toIntExact(estimateStage(request).steps());
          case FLOPS -> steps(flops(request), Double.NaN);
          case EPOCHS, IMAGES -> steps(0, Double.NaN);
        };
    ObjectNode note = Json.MAPPER.createObjectNode();
    note.put("steps", steps);
    note.put("budget", budget.toString());
    AtomicFile.write(remembered, Json.pretty(note));
    return steps;
  }

  /** Floating-point operations of training on one example. */
  public long flops(PretrainingRequest request) {
    try (NDManager manager = request.device().newManager()) {
      return modelFactory.apply(manager).flops();
    }
  }

  private int steps(long flopsPerImage, double secondsPerStep) {
    double steps =
        switch (budget.unit()) {
          case EPOCHS -> budget.amount() * training.stepsPerEpoch(examples.size());
          case IMAGES -> budget.amount() / batch();
          case FLOPS -> budget.amount() / ((double) flopsPerImage * batch());
          case MINUTES -> budget.amount() * 60 / secondsPerStep;
        };
    return Math.max(1, Math.toIntExact(Math.round(steps)));
  }
}
