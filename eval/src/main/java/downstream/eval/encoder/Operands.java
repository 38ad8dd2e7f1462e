package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node works on: arrays for values that depend on the image or a weight, integers for shapes
 * and indices.
 *
 * @param node the node
 * @param arrays every live float value by name
 * @param integers every int64 constant by name
 */
record Operands(Node node, Map<String, NDArray> arrays, Map<String, long[]> integers) {

  /** The float input in this slot. */
  NDArray array(int slot) {
    String name = slot < node.inputs().size() ? node.inputs().get(slot) : "";
    NDArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException(
          node.operator() + " '" + node.output() + "' needs a float input " + slot);
    }
    return array;
  }

  /** The float input in this slot, or null where the node leaves it out. */
  @Nullable NDArray arrayOrNull(int slot) {
    return slot < node.inputs().size() && !node.inputs().get(slot).isEmpty() ? array(slot) : null;
  }

  /** The int64 constant in this slot, if the node has one there. */
  Optional<long[]> integers(int slot) {
    List<String> inputs = node.inputs();
    return slot < inputs.size()
        ? Optional.ofNullable(integers.get(inputs.get(slot)))
        : Optional.empty();
  }

  /** Axis {@code axis} of a value of this rank, counted from the front. */
  static int axis(long axis, int rank) {
    return Math.toIntExact(axis < 0 ? axis + rank : axis);
  }
}
