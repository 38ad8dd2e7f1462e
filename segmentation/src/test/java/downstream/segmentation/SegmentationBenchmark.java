package downstream.segmentation;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import downstream.eval.Device;
import downstream.eval.data.DataSet;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.train.TrainableEncoder;
import downstream.eval.finetune.BlockHead;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.finetune.FineTuningObjective;
import downstream.eval.task.FitRequest;
import downstream.eval.task.Protocol;
import downstream.eval.task.Protocols;
import downstream.eval.testing.CachedExamples;
import downstream.eval.train.Examples;
import downstream.eval.train.Objective;
import downstream.eval.train.StepTiming;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Images a second of training, from files and on examples that lie ready in memory; both take
 * turns; then of the encoder alone. docs/evidence/performance.md has the command.
 */
final class SegmentationBenchmark {
  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final int READY = 64;

  private SegmentationBenchmark() {}

  /**
   * Arguments: an encoder; a data YAML; rounds; warm steps; steps; then fields of the protocol
   * {@code small}.
   */
  public static void main(String[] arguments) throws IOException {
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(THREADS));
    int rounds = Integer.parseInt(arguments[2]);
    int warm = Integer.parseInt(arguments[3]);
    int steps = Integer.parseInt(arguments[4]);
    SegmentationTask task = new SegmentationTask();
    List<String> fields = Stream.of(arguments).skip(5).toList();
    Protocol protocol = Protocols.load(task, "small", fields);
    SegmentationProtocol settings = protocol.as(SegmentationProtocol.class);
    DataSet data = DataSets.open(Path.of(arguments[1]));
    ImageSet train = data.train();
    Path folder = Files.createTempDirectory("segmentation-benchmark");
    FitRequest fit =
        new FitRequest(
            EncoderFile.read(Path.of(arguments[0])),
            protocol,
            train,
            0,
            folder.resolve("fit"),
            folder.resolve("features"),
            THREADS,
            Device.CPU,
            0);
    SegmentationTraining training = new SegmentationTraining(settings, train);
    try (EncoderWithHead<BlockHead> model = EncoderWithHead.open(fit, settings, training)) {
      Examples<SegmentationTrainingExample> files = training.examples(model);
      CachedExamples<SegmentationTrainingExample> ready = CachedExamples.of(files, READY);
      var objective = new FineTuningObjective<>(model, training);
      List<Double> ratios = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        double fromFiles = rate(settings.plan(fit), files, objective, warm, steps);
        double fromMemory = rate(settings.plan(fit), ready, objective, warm, steps);
        ratios.add(fromFiles / fromMemory);
        say("%.2f images/s from files, %.2f on ready examples", fromFiles, fromMemory);
      }
      Collections.sort(ratios);
      say("median ratio of %d rounds: %.2f", rounds, ratios.get(ratios.size() / 2));
    }
    double alone =
        encoderAlone(fit.encoder(), settings.data().batch(), settings.imageSize(), warm, steps);
    say("%.2f images/s forward and backward through the encoder alone", alone);
  }

  private static double rate(
      TrainingPlan plan,
      Examples<SegmentationTrainingExample> examples,
      Objective<SegmentationTrainingExample> objective,
      int warm,
      int steps)
      throws IOException {
    StepTiming pace = TrainingLoop.measure(plan, examples, objective, warm, steps);
    return plan.batch() / pace.secondsPerStep();
  }

  /** No head, no loss but the mean squares of the levels, no step of the optimizer. */
  private static double encoderAlone(EncoderFile file, int batch, int size, int warm, int steps) {
    long start = 0;
    try (NDManager manager = NDManager.newBaseManager()) {
      TrainableEncoder block = new TrainableEncoder(file, manager);
      Weight.of("encoder", block);
      for (int step = -warm; step < steps; step++) {
        start = step == 0 ? System.nanoTime() : start;
        try (NDManager scope = manager.newSubManager();
            GradientCollector collector = Engine.getInstance().newGradientCollector()) {
          NDList images = new NDList(scope.randomNormal(new Shape(batch, 3, size, size)));
          NDArray loss =
              block.forward(new ParameterStore(scope, false), images, true).stream()
                  .map(level -> level.square().mean())
                  .reduce(NDArray::add)
                  .orElseThrow();
          collector.backward(loss);
        }
      }
    }
    return batch * steps / ((System.nanoTime() - start) / 1e9);
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
