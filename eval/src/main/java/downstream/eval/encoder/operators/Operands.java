package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.BadInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inputs of a node. A value that depends on the image or a weight is an array; every other value is
 * a constant of the plan, and is there as an array as well.
 *
 * @param node the node
 * @param arrays one per input slot; null where the node leaves the input out
 * @param constants one per input slot; null where the value is not a constant
 * @param phase what the run is for
 */
public record Operands(
    Node node, List<@Nullable NDArray> arrays, List<@Nullable TensorProto> constants, Phase phase) {

  /** Purpose of a run: Dropout and BatchNormalization behave accordingly. */
  public enum Phase {
    /** Inference without training; running statistics. */
    INFERENCE,
    /** Weights are trained; BatchNormalization keeps to its running statistics. */
    FROZEN_STATISTICS,
    /** Weights are trained; BatchNormalization uses the batch's statistics and updates its own. */
    BATCH_STATISTICS
  }

  /** Number of input slots. */
  public int count() {
    return arrays.size();
  }

  /** Tells whether the node has an input in this slot. */
  public boolean has(int slot) {
    return slot < arrays.size() && arrays.get(slot) != null;
  }

  /** Tells whether the input in this slot is a constant of the plan. */
  public boolean isConstant(int slot) {
    return has(slot) && constants.get(slot) != null;
  }

  /** Tells whether the node names its output in this place. */
  public boolean wants(int output) {
    return output < node.outputs().size() && !node.outputs().get(output).isEmpty();
  }

  /** The input in this slot. */
  public NDArray array(int slot) {
    NDArray array = arrayOrNull(slot);
    if (array == null) {
      throw new BadInput(node.toString(), "lacks input " + slot, "Export the encoder again");
    }
    return array;
  }

  /** The input in this slot, or null where the node leaves it out. */
  @Nullable NDArray arrayOrNull(int slot) {
    return slot < arrays.size() ? arrays.get(slot) : null;
  }

  /** All inputs. */
  public List<NDArray> all() {
    return java.util.stream.IntStream.range(0, count()).mapToObj(this::array).toList();
  }

  /**
   * The integers of a constant input: a shape, axes, indices.
   *
   * @throws BadInput if the value depends on the image or a weight
   */
  public long[] integers(int slot) {
    return Tensors.integers(constant(slot));
  }

  /** The integers of a constant input, or {@code otherwise} where the node leaves it out. */
  public long[] integers(int slot, long... otherwise) {
    return has(slot) ? integers(slot) : otherwise;
  }

  /** The numbers of a constant input. */
  public double[] numbers(int slot) {
    return Tensors.numbers(constant(slot));
  }

  /** The number in a constant input of one element, or {@code otherwise} where it is left out. */
  public double number(int slot, double otherwise) {
    return has(slot) ? numbers(slot)[0] : otherwise;
  }

  /**
   * Integers that older operator sets keep in an attribute and newer ones in an input, or {@code
   * otherwise} where they are left out.
   */
  public long[] integers(String attribute, int slot, long... otherwise) {
    return node.has(attribute) ? node.integers(attribute) : integers(slot, otherwise);
  }

  private TensorProto constant(int slot) {
    TensorProto constant = has(slot) ? constants.get(slot) : null;
    if (constant == null) {
      throw new BadInput(
          node.toString(),
          "takes input "
              + slot
              + " from the image or a weight; it must be a constant to be trained",
          "Export the encoder with constant shapes");
    }
    return constant;
  }

  /** Axis {@code axis} of a value of this rank, counted from the front. */
  public static int axis(long axis, int rank) {
    return Math.toIntExact(axis < 0 ? axis + rank : axis);
  }
}
