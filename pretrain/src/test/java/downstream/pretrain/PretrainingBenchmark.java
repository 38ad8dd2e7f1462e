package downstream.pretrain;

import downstream.eval.Device;
import downstream.eval.Json;
import downstream.eval.cli.Main;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.testing.CachedExamples;
import downstream.eval.train.StepTiming;
import downstream.pretrain.method.Byol;
import downstream.pretrain.method.Mae;
import downstream.pretrain.method.MaeSettings;
import downstream.pretrain.method.Orl;
import downstream.pretrain.method.PiMask;
import downstream.pretrain.method.SimMim;
import downstream.pretrain.method.SimSiam;
import downstream.pretrain.method.ioca.Ioca;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.run.TwoStagePretraining;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.settings.Network;
import downstream.pretrain.settings.Presets;
import downstream.pretrain.settings.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Images a second of every method at preset small, from image files on, against the same training
 * on examples that lie ready in memory; and what MAE's dropping of tokens saves. Both sides of a
 * ratio take turns. docs/evidence/performance.md has the command.
 */
final class PretrainingBenchmark {
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final int THREADS = CORES;
  private static final int WARM = 4;
  private static final int STEPS = 12;
  private static final int LOADED_STEPS = 10;
  private static final int READY = 128;

  private final ImageSet images;
  private final Path folder;
  private final int rounds;

  private PretrainingBenchmark(ImageSet images, Path folder, int rounds) {
    this.images = images;
    this.folder = folder;
    this.rounds = rounds;
  }

  /**
   * Arguments: rounds (5); {@code end-to-end}, {@code mae} alone, {@code tokens} or {@code load}; a
   * source of images ({@code -}, the default, generates scenes); for {@code load} the most busy
   * processes a core (2).
   */
  public static void main(String[] arguments) throws IOException {
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(THREADS));
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    String what = arguments.length > 1 ? arguments[1] : "end-to-end";
    Path folder = Files.createTempDirectory("pretraining-benchmark");
    String source = arguments.length > 2 ? arguments[2] : "-";
    if (source.equals("-")) {
      source = folder.resolve("scenes").toString();
      Main.run("data", "scenes", "--out", source, "--images", "256", "--val", "1");
    }
    ImageSet images = DataSets.images(List.of(source));
    PretrainingBenchmark benchmark = new PretrainingBenchmark(images, folder, rounds);
    if (what.equals("tokens")) {
      benchmark.tokens();
    } else if (what.equals("load")) {
      benchmark.load(arguments.length > 3 ? Integer.parseInt(arguments[3]) : 2);
    } else if (what.equals("mae")) {
      benchmark.compare(benchmark.stage(new Mae()));
    } else {
      benchmark.endToEnd();
    }
  }

  private void endToEnd() throws IOException {
    say("method    images/s  of ready examples' rate, median of %d rounds", rounds);
    for (TrainingStage<?, ?> stage :
        List.of(
            stage(new Mae()),
            stage(new SimMim()),
            stage(new PiMask()),
            stage(new SimSiam()),
            stage(new Byol()),
            last(new Orl(), MiningSettings.ORL),
            last(new Ioca(), MiningSettings.DEFAULTS))) {
      compare(stage);
    }
  }

  private TrainingStage<?, ?> stage(PretrainingMethod<?> method) {
    return (TrainingStage<?, ?>) method.stages(small(method));
  }

  /** The last stage of a method that mines, on random pairs. */
  private TrainingStage<?, ?> last(PretrainingMethod<?> method, MiningSettings mining) {
    PretrainingRequest request = small(method);
    TwoStagePretraining stages = (TwoStagePretraining) method.stages(request);
    Path file = folder.resolve(method.name() + ".onnx");
    EncoderSettings.SMALL.randomInit("random", 0).write(file);
    TwoStagePretraining random =
        new TwoStagePretraining(
            stages.stage1(),
            new TwoStagePretraining.MiningStage(
                mining.withPairSelection(MiningSettings.PairSelection.RANDOM),
                false,
                Optional.empty()),
            stages.budget(),
            stages.finalStage());
    MinedPairs mined = random.mine(file, folder.resolve(method.name()), request);
    return random.finalStage().of(file, mined, request, stages.budget());
  }

  private <E, L extends PretrainingModel<E>> void compare(TrainingStage<E, L> stage)
      throws IOException {
    PretrainingRequest pretraining = small(new Mae());
    TrainingStage<E, L> ready = ready(stage);
    List<Double> rates = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      StepTiming fromFiles = stage.stepTiming(WARM, STEPS, pretraining);
      StepTiming fromMemory = ready.stepTiming(WARM, STEPS, pretraining);
      rates.add(stage.batch() / fromFiles.secondsPerStep());
      ratios.add(fromMemory.secondsPerStep() / fromFiles.secondsPerStep());
    }
    say("%-8s  %8.1f  %.2f", stage.name(), median(rates), median(ratios));
  }

  /** The same on examples that lie in memory. */
  private static <E, L extends PretrainingModel<E>> TrainingStage<E, L> ready(
      TrainingStage<E, L> stage) throws IOException {
    return new TrainingStage<>(
        stage.name(),
        stage.modelFactory(),
        CachedExamples.of(stage.examples(), READY),
        stage.training(),
        stage.budget());
  }

  /**
   * MAE on ready examples beside busy processes, none to {@code most} a core: images a second, and
   * the share of the fair share, which is the rate without load over one more than the processes a
   * core.
   */
  private void load(int most) throws IOException {
    TrainingStage<?, ?> ready = ready((TrainingStage<?, ?>) stage(new Mae()));
    List<List<Double>> rates =
        Stream.generate(() -> (List<Double>) new ArrayList<Double>()).limit(1 + most).toList();
    ready.stepTiming(WARM, LOADED_STEPS, small(new Mae()));
    for (int round = 0; round < rounds; round++) {
      for (int each = 0; each < rates.size(); each++) {
        List<Process> busy = busy(each * CORES);
        try {
          StepTiming timing = ready.stepTiming(WARM, LOADED_STEPS, small(new Mae()));
          rates.get(each).add(ready.batch() / timing.secondsPerStep());
        } finally {
          busy.forEach(Process::destroyForcibly);
        }
      }
    }
    for (int each = 0; each < rates.size(); each++) {
      double rate = median(rates.get(each));
      double fair = median(rates.get(0)) / (each + 1);
      say("%d busy processes: %7.1f images/s, %.2f of the share", each * CORES, rate, rate / fair);
    }
  }

  private static List<Process> busy(int count) throws IOException {
    List<Process> busy = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      busy.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
    }
    return busy;
  }

  /** ViT-S/16 at 224 px, batch 16: a quarter of the tokens against all but one. */
  private void tokens() throws IOException {
    EncoderSettings vit = new EncoderSettings(Network.VIT_SMALL, 224, 16, 0, 0, 0, false, false);
    TrainingStage<Mae.Example, Mae.MaeModel> dropping = ready(mae(vit, .75));
    TrainingStage<Mae.Example, Mae.MaeModel> keeping = ready(mae(vit, 1.0 / vit.tokens()));
    PretrainingRequest pretraining = small(new Mae());
    double flops = (double) keeping.flops(pretraining) / dropping.flops(pretraining);
    List<Double> speedups = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      double fast = dropping.stepTiming(1, 4, pretraining).secondsPerStep();
      double slow = keeping.stepTiming(1, 4, pretraining).secondsPerStep();
      speedups.add(slow / fast);
    }
    say(
        "MAE, ViT-S/16 at 224 px: FLOPs of all tokens over a quarter %.2f, time %.2f, share %.2f",
        flops, median(speedups), median(speedups) / flops);
  }

  private TrainingStage<Mae.Example, Mae.MaeModel> mae(EncoderSettings vit, double maskRatio) {
    MaeSettings settings =
        new MaeSettings(
            vit,
            DecoderSettings.SMALL,
            maskRatio,
            true,
            .2,
            TrainingSettings.adamW(16, 4e-3),
            Presets.SMALL_BUDGET);
    return new Mae().stages(settings, small(new Mae()).within(folder, settings));
  }

  private PretrainingRequest small(Pretrainer method) {
    return new PretrainingRequest(
        Json.MAPPER.valueToTree(method.preset(Pretrainer.DEFAULT_PRESET)),
        images,
        Optional.empty(),
        0,
        folder,
        THREADS,
        Device.CPU);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
