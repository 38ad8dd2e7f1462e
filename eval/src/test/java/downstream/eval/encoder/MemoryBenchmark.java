package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.Json;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.train.TrainableEncoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints how much memory an inference of ResNet-50 takes at its peak, with values freed after their
 * last use, as {@link TrainableEncoder} does, and with all of them kept, which is what fetching
 * every value comes to. The command is in docs/evidence/performance.md.
 */
final class MemoryBenchmark {
  private static final int SIZE = 224;
  private static final int BATCH = 16;

  private MemoryBenchmark() {}

  /** Prints one line for each way. */
  public static void main(String[] arguments) {
    System.setProperty("ai.djl.pytorch.num_threads", "2");
    List<Double> half = List.of(0.5, 0.5, 0.5);
    EncoderFile file =
        ResNet.fifty().build("resnet50", SIZE, 1, half, half, Json.MAPPER.createObjectNode());
    List<String> levels = file.levelValues();
    List<String> all = file.graph().nodes().stream().map(Node::output).toList();
    try (NDManager manager = NDManager.newBaseManager()) {
      TrainableEncoder block = new TrainableEncoder(file, manager);
      run(block, levels, 1, manager);
      run(block, all, 1, manager);
      say("freed after last use", ProcessMemory.peak(() -> run(block, levels, BATCH, manager)));
      say("kept to the end", ProcessMemory.peak(() -> run(block, all, BATCH, manager)));
    }
  }

  private static void run(
      TrainableEncoder block, List<String> fetches, int batch, NDManager manager) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray images = scope.randomNormal(new Shape(batch, 3, SIZE, SIZE));
      Map<String, NDArray> feeds = Map.of(block.spec().input(), images);
      block.run(new ParameterStore(scope, false), feeds, fetches, false);
    }
  }

  private static void say(String way, long bytes) {
    System.out.printf(
        Locale.ROOT, "ResNet-50, %d px, batch %d, %s: %d MiB%n", SIZE, BATCH, way, bytes >> 20);
  }
}
