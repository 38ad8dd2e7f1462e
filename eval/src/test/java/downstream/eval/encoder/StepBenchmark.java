package downstream.eval.encoder;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import downstream.eval.Json;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.encoder.graph.FlopCounter;
import downstream.eval.encoder.runtime.ValueShapes;
import downstream.eval.encoder.train.TrainableEncoder;
import downstream.eval.train.optimiser.Weight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times a forward and backward pass of {@link TrainableEncoder} beside the same network written by
 * hand in DJL's blocks, and both beside what the machine's matrix product reaches: all in one
 * process and in turns, so that whatever else the machine does meets all of them. The command
 * stands in docs/evidence/performance.md.
 */
final class StepBenchmark {
  private static final int SIZE = 224;
  private static final int BATCH = 16;
  private static final int PRODUCT = 2048;
  private static final int WARM_UP = 2;

  private final String network;
  private final EncoderFile file;
  private final NDManager manager;
  private final List<Contestant> contestants;
  private final NDArray images;
  private final NDArray left;
  private final NDArray right;

  /** What is timed, and the seconds that it took, round by round. */
  private record Contestant(String name, Block block, List<Double> seconds) {
    double median() {
      return seconds.stream().sorted().skip(seconds.size() / 2).findFirst().orElseThrow();
    }

    double least() {
      return seconds.stream().min(Double::compare).orElseThrow();
    }

    double most() {
      return seconds.stream().max(Double::compare).orElseThrow();
    }
  }

  private StepBenchmark(String network, EncoderFile file, HandWritten hand, NDManager manager) {
    this.network = network;
    this.file = file;
    this.manager = manager;
    hand.initialize(manager, DataType.FLOAT32, new Shape(BATCH, 3, SIZE, SIZE));
    hand.load(file);
    contestants =
        List.of(
            contestant(
                "TrainableEncoder",
                new TrainableEncoder(file, manager, FineTuningSettings.BATCH_STATISTICS)),
            contestant("by hand", hand));
    images = manager.randomNormal(new Shape(BATCH, 3, SIZE, SIZE));
    left = manager.randomNormal(new Shape(PRODUCT, PRODUCT));
    right = manager.randomNormal(new Shape(PRODUCT, PRODUCT));
  }

  /** With gradients switched on for what is trained. */
  private static Contestant contestant(String name, Block block) {
    Weight.of(name, block);
    return new Contestant(name, block, new ArrayList<>());
  }

  /**
   * Prints the table.
   *
   * @param arguments number of rounds (9), then networks: {@code vit-s16}, {@code resnet50} (both)
   */
  public static void main(String[] arguments) {
    System.setProperty(
        "ai.djl.pytorch.num_threads", System.getProperty("ai.djl.pytorch.num_threads", "2"));
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
    List<String> networks =
        arguments.length > 1
            ? List.of(arguments).subList(1, arguments.length)
            : List.of("vit-s16", "resnet50");
    for (String network : networks) {
      try (NDManager manager = NDManager.newBaseManager()) {
        StepBenchmark benchmark = of(network, manager);
        benchmark.run(rounds);
      }
    }
  }

  private static StepBenchmark of(String network, NDManager manager) {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    var none = Json.MAPPER.createObjectNode();
    if (network.equals("resnet50")) {
      EncoderFile file = ResNet.fifty().build(network, SIZE, 1, half, half, none);
      return new StepBenchmark(network, file, new HandWrittenResNet(ResNet.fifty()), manager);
    }
    VitArchitecture small = VitArchitecture.small(SIZE, 16);
    EncoderFile file = VisionTransformer.build(small, network, 1, half, half, none);
    return new StepBenchmark(network, file, new HandWrittenTransformer(small, manager), manager);
  }

  private void run(int rounds) {
    Contestant product =
        new Contestant("2048³ product", contestants.get(0).block(), new ArrayList<>());
    for (int round = -WARM_UP; round < rounds; round++) {
      for (int i = 0; i < contestants.size(); i++) {
        Contestant turn = contestants.get((i + Math.abs(round)) % contestants.size());
        double peak = product();
        double seconds = step(turn.block());
        if (round >= 0) {
          product.seconds().add(peak);
          turn.seconds().add(seconds);
        }
      }
    }
    print(product, rounds);
  }

  /** Seconds of one matrix product, the mean of five. */
  private double product() {
    try (NDManager scope = manager.newSubManager()) {
      long start = System.nanoTime();
      for (int i = 0; i < 5; i++) {
        left.matMul(right).attach(scope);
      }
      return (System.nanoTime() - start) / 5e9;
    }
  }

  /** Seconds of a forward and a backward pass; the loss is the mean square of all levels. */
  private double step(Block block) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray input = images.duplicate();
      input.attach(scope);
      long start = System.nanoTime();
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDList levels = block.forward(new ParameterStore(scope, false), new NDList(input), true);
        NDArray loss = levels.get(0).square().mean();
        for (NDArray level : levels.subNDList(1)) {
          loss = loss.add(level.square().mean());
        }
        collector.backward(loss);
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private void print(Contestant product, int rounds) {
    double flops = 3.0 * BATCH * forwardFlops();
    double work = 2.0 * PRODUCT * PRODUCT * PRODUCT;
    say(
        "%s, %d px, batch %d, %d rounds, %.1f GFLOP a step",
        network, SIZE, BATCH, rounds, flops / 1e9);
    say(
        "  %-14s %6.0f GFLOP/s, at best %.0f",
        product.name(), work / product.median() / 1e9, work / product.least() / 1e9);
    for (Contestant contestant : contestants) {
      say(
          "  %-14s %6.0f GFLOP/s, %.2f of the product's, at best %.2f; %.3f s (%.3f to %.3f)",
          contestant.name(),
          flops / contestant.median() / 1e9,
          flops / contestant.median() / (work / product.median()),
          flops / contestant.least() / (work / product.least()),
          contestant.median(),
          contestant.least(),
          contestant.most());
    }
    Contestant block = contestants.get(0);
    Contestant hand = contestants.get(1);
    say(
        "  ratio of the medians %.3f, of the least times %.3f",
        block.median() / hand.median(), block.least() / hand.least());
  }

  /** Of one image. */
  private long forwardFlops() {
    Map<String, long[]> shapes = ValueShapes.of(file, SIZE);
    return new FlopCounter(file.graph(), shapes).to(new HashSet<>(file.levelValues()));
  }

  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
