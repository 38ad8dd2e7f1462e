package downstream.eval.encoder.runtime;

import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.graph.Graph;
import downstream.eval.encoder.operators.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The shapes of the values that depend on the images, seen in one run of ONNX Runtime on zeros. */
public final class ValueShapes {
  private ValueShapes() {}

  /**
   * @param size side of the images in pixels
   * @return shapes by name, in graph order, at the batch that the file fixes, else 1
   */
  public static Map<String, long[]> of(EncoderFile file, int size) {
    Graph graph = file.graph();
    String images = graph.input().getName();
    Set<String> live = graph.dependents(Set.of(images));
    List<String> values = new ArrayList<>();
    graph.nodes().stream().flatMap(ValueShapes::floats).filter(live::contains).forEach(values::add);
    long batch = Math.max(1, graph.fixedBatch());
    long[] shape = {batch, 3, size, size};
    try (OnnxEncoder encoder = new OnnxEncoder(file, values, 1)) {
      Map<String, long[]> shapes = new LinkedHashMap<>();
      shapes.put(images, shape);
      float[] zeros = new float[Math.toIntExact(batch * 3 * size * size)];
      encoder.run(zeros, shape, values).forEach((name, value) -> shapes.put(name, value.shape()));
      return shapes;
    }
  }

  /** A node's outputs but for masks and indices, which come second. */
  private static Stream<String> floats(Node node) {
    return node.outputs().stream().limit(node.operator().equals("Split") ? Long.MAX_VALUE : 1);
  }
}
