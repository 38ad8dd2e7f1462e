package downstream.eval.encoder.rewrite;

import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.build.WeightInit;
import downstream.eval.encoder.graph.Weights;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.operators.Tensors;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/** Draws new values for every weight of a graph, by what its place in the graph is. */
final class WeightReinitialiser {
  private static final float SLOPE = 0.25f;
  private static final double TABLE_DEVIATION = 0.02;

  private final EncoderFile file;
  private final SplittableRandom random;
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, String> views = new HashMap<>();

  /** First use of a weight. */
  private record Place(Node node, int slot) {}

  WeightReinitialiser(EncoderFile file, long seed) {
    this.file = file;
    this.random = new SplittableRandom(seed);
    file.weights().keySet().forEach(weight -> views.put(weight, weight));
    for (Node node : file.graph().nodes()) {
      for (int slot = 0; slot < node.inputs().size(); slot++) {
        String weight = views.get(node.inputs().get(slot));
        if (weight == null) {
          continue;
        }
        if (Weights.VIEWS.contains(node.operator())) {
          node.outputs().forEach(output -> views.put(output, weight));
        } else {
          places.putIfAbsent(weight, new Place(node, slot));
        }
      }
    }
  }

  /** The weight that a value is, straight or through reshapes. */
  Optional<String> weightBehind(String value) {
    return Optional.ofNullable(views.get(value));
  }

  /**
   * Kernels and matrices normal with variance 2 / fan-in (He et al., 2015), scales 1, shifts 0,
   * slopes 0.25, tables (positions, class tokens) normal with deviation 0.02; and the statistics
   * that a BatchNormalization ran up, 0 and 1.
   */
  Map<String, float[]> draw() {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (String weight : file.weights().keySet()) {
      values.put(weight, draw(constant(weight), Objects.requireNonNull(places.get(weight))));
    }
    for (Node node : file.graph().nodes()) {
      if (node.operator().equals("BatchNormalization")) {
        resetStatistic(node.inputs().get(3), 0, values);
        resetStatistic(node.inputs().get(4), 1, values);
      }
    }
    return values;
  }

  private void resetStatistic(String statistic, float value, Map<String, float[]> values) {
    TensorProto tensor = file.graph().constants().get(statistic);
    if (tensor != null) {
      values.put(statistic, WeightInit.constant(value, (int) Tensors.size(tensor)));
    }
  }

  private TensorProto constant(String name) {
    return Objects.requireNonNull(file.graph().constants().get(name));
  }

  private float[] draw(TensorProto tensor, Place place) {
    int size = Math.toIntExact(Tensors.size(tensor));
    int slot = place.slot();
    return switch (place.node().operator()) {
      case "Conv", "ConvTranspose" ->
          slot == 1 ? kernel(tensor, 0, size) : WeightInit.constant(0, size);
      case "Gemm" -> slot < 2 ? matrix(place, tensor, size) : WeightInit.constant(0, size);
      case "MatMul", "Einsum" -> matrix(place, tensor, size);
      case "PRelu" -> WeightInit.constant(SLOPE, size);
      case "Mul" -> WeightInit.constant(1, size);
      case "Add" -> isVector(tensor) ? WeightInit.constant(0, size) : table(size);
      case "Gather", "Concat" -> table(size);
      default -> WeightInit.constant(slot == 1 ? 1 : 0, size);
    };
  }

  private float[] table(int size) {
    return WeightInit.normal(random, TABLE_DEVIATION, size);
  }

  private float[] matrix(Place place, TensorProto tensor, int size) {
    boolean transposed = place.node().integer("transB", 0) == 1;
    return kernel(tensor, transposed ? 0 : tensor.getDimsCount() - 1, size);
  }

  /** The fan-in is everything but the outputs; the gain is corrected when activations are seen. */
  private float[] kernel(TensorProto tensor, int outputs, int size) {
    return WeightInit.kaiming(random, size / tensor.getDims(outputs), size);
  }

  private static boolean isVector(TensorProto tensor) {
    return tensor.getDimsList().stream().filter(dimension -> dimension > 1).count() <= 1;
  }
}
