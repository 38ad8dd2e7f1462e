package downstream.eval.encoder.inspect;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import downstream.eval.BadInput;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FineTuningSettings;
import downstream.eval.encoder.build.WeightInit;
import downstream.eval.encoder.graph.FlopCounter;
import downstream.eval.encoder.graph.Graph;
import downstream.eval.encoder.runtime.OnnxEncoder;
import downstream.eval.encoder.runtime.ValueShapes;
import downstream.eval.encoder.train.TrainableEncoder;
import downstream.eval.torch.Autocast;
import downstream.eval.torch.Precision;
import downstream.eval.train.Gradients;
import downstream.eval.train.optimiser.Weight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Times an encoder to its feature levels: forward, forward and backward in the training engine, and
 * frozen inference in ONNX Runtime. Before every turn the speed of a float32 matrix product is
 * measured, so that whatever else the machine does meets both.
 */
public final class EncoderBenchmark implements AutoCloseable {
  private static final int PRODUCT = 2048;
  private static final int PRODUCTS = 3;

  private final BenchmarkSettings settings;
  private final EncoderFile file;
  private final NDManager manager;
  private final TrainableEncoder trained;
  private final OnnxEncoder frozen;
  private final double gflop;
  private final NDArray images;
  private final FloatBuffer hostImages;
  private final NDArray left;
  private final NDArray right;

  private EncoderBenchmark(EncoderFile file, BenchmarkSettings settings) {
    this.settings = settings;
    this.file = file;
    this.gflop = settings.batch() * forwardFlops(file, settings.size()) / 1e9;
    this.manager = settings.device().newManager();
    this.trained =
        new TrainableEncoder(
            file,
            file.levelValues(),
            manager,
            FineTuningSettings.BATCH_STATISTICS,
            Precision.FLOAT32);
    this.frozen = new OnnxEncoder(file, file.levelValues(), settings.threads(), settings.device());
    Weight.of("encoder", trained); // switches gradients on
    float[] noise = WeightInit.normal(new SplittableRandom(0), 1, Math.toIntExact(shape().size()));
    this.images = manager.create(noise, shape());
    this.hostImages =
        ByteBuffer.allocateDirect(noise.length * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(noise)
            .flip();
    this.left = manager.randomNormal(new Shape(PRODUCT, PRODUCT));
    this.right = manager.randomNormal(new Shape(PRODUCT, PRODUCT));
  }

  /**
   * Runs the benchmark.
   *
   * @param file at the size of the settings
   * @throws BadInput if an operator cannot be trained, or the file takes another batch only
   */
  public static BenchmarkReport run(EncoderFile file, BenchmarkSettings settings) {
    checkBatch(file, settings.batch());
    try (EncoderBenchmark benchmark = new EncoderBenchmark(file, settings)) {
      return benchmark.run();
    }
  }

  /** The batch that a file takes: the one that it fixes, or else {@code usual}. */
  public static int batch(EncoderFile file, int usual) {
    long fixed = file.graph().fixedBatch();
    return fixed > 0 ? Math.toIntExact(fixed) : usual;
  }

  private static void checkBatch(EncoderFile file, int batch) {
    int taken = batch(file, batch);
    if (taken != batch) {
      throw new BadInput(
          "--batch",
          file.name() + ".onnx takes batches of " + taken + " only, not " + batch,
          "Give --batch " + taken + ", or export the encoder with a dynamic batch");
    }
  }

  private BenchmarkReport run() {
    List<OperationTurns> operations =
        List.of(
            new OperationTurns("forward", settings.precision(), gflop, this::forward),
            new OperationTurns(
                "forward_backward", settings.precision(), 3 * gflop, this::forwardBackward),
            new OperationTurns(
                "frozen_inference", Precision.FLOAT32, gflop, this::frozenInference));
    for (OperationTurns operation : operations) {
      operation.runFirst();
      operation.run();
    }
    product();
    for (int round = 0; round < settings.rounds(); round++) {
      for (int i = 0; i < operations.size(); i++) {
        OperationTurns operation = operations.get((i + round) % operations.size());
        double product = product();
        operation.add(seconds(operation::run), product);
      }
    }
    return BenchmarkReport.of(file.name(), settings, operations);
  }

  private void forward() {
    try (NDManager scope = manager.newSubManager();
        Autocast ignored = Autocast.to(settings.precision())) {
      Gradients.doWithout(() -> await(loss(scope, false)));
    }
  }

  private void forwardBackward() {
    try (NDManager scope = manager.newSubManager();
        Autocast ignored = Autocast.to(settings.precision());
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray loss = loss(scope, true);
      collector.backward(loss);
      await(loss);
    }
  }

  /** The mean of all levels' mean squares, a scalar. */
  private NDArray loss(NDManager scope, boolean training) {
    NDArray input = images.duplicate();
    input.attach(scope);
    Map<String, NDArray> feeds = Map.of(file.graph().input().getName(), input);
    return trained
        .run(new ParameterStore(scope, false), feeds, file.levelValues(), training)
        .values()
        .stream()
        .map(level -> level.square().mean())
        .reduce(NDArray::add)
        .orElseThrow();
  }

  private void frozenInference() {
    frozen.run(hostImages.duplicate(), shape().getShape(), file.levelValues());
  }

  /** GFLOP/s of a product of two matrices of 2048 rows and columns in float32. */
  private double product() {
    double seconds =
        seconds(
            () -> {
              try (NDManager scope = manager.newSubManager()) {
                NDArray last = left;
                for (int i = 0; i < PRODUCTS; i++) {
                  last = left.matMul(right);
                  last.attach(scope);
                }
                await(last.get(0).get(0));
              }
            });
    return PRODUCTS * 2e-9 * PRODUCT * PRODUCT * PRODUCT / seconds;
  }

  /** Reads a scalar: a GPU has computed what it depends on when it arrives. */
  private static void await(NDArray scalar) {
    scalar.toFloatArray();
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) * 1e-9;
  }

  private Shape shape() {
    return new Shape(settings.batch(), 3, settings.size(), settings.size());
  }

  /** Operations of one image to the levels. */
  private static double forwardFlops(EncoderFile file, int size) {
    Graph graph = file.graph();
    FlopCounter flops = new FlopCounter(graph, ValueShapes.of(file, size));
    return (double) flops.to(new HashSet<>(graph.resolved(file.levelValues()))) / batch(file, 1);
  }

  @Override
  public void close() {
    frozen.close();
    manager.close();
  }
}
