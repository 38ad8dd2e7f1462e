package downstream.eval.encoder.train;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.BadInput;
import downstream.eval.encoder.operators.Operands;
import downstream.eval.encoder.operators.Tensors;
import downstream.eval.encoder.operators.Value;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * Lets a file whose input fixes the batch run on another one. The shapes of a run at the file's own
 * batch tell where the target of a Reshape, Expand or Resize, or an operand of a Concat, carries
 * the batch.
 */
final class FixedBatchAdapter {
  private static final int SIZES = 3;

  private final long factor;
  private final Map<String, Shape> shapes;

  /**
   * @param factor the batch of the run in units of the file's
   * @param shapes of all live values in a run at the file's batch
   */
  FixedBatchAdapter(long factor, Map<String, Shape> shapes) {
    this.factor = factor;
    this.shapes = shapes;
  }

  /**
   * The operands as the batch of this run needs them.
   *
   * @throws BadInput if the batch cannot be told from the other dimensions
   */
  Operands adapt(Operands in) {
    return switch (in.node().operator()) {
      case "Reshape", "Expand" -> withTarget(in);
      case "Resize" -> in.has(SIZES) ? withSizes(in) : in;
      case "Concat" -> withRows(in);
      default -> in;
    };
  }

  private Operands withTarget(Operands in) {
    String input = in.node().inputs().get(0);
    long[] now = in.shape(0).getShape();
    long[] before = shapes.getOrDefault(input, in.shape(0)).getShape();
    long[] result = Objects.requireNonNull(shapes.get(in.node().output())).getShape();
    int axis = batchAxis(before, now);
    if (axis < 0) {
      return in;
    }
    long outer = product(before, axis);
    for (int j = 0; j < result.length; j++) {
      if (product(result, j) == outer) {
        long[] target = result.clone();
        target[j] *= factor;
        return withInput(in, 1, Tensors.of("target", target, target.length));
      }
    }
    throw new BadInput(
        in.node().toString(),
        "reshapes "
            + Arrays.toString(before)
            + " to "
            + Arrays.toString(result)
            + ", which mixes the images of a batch",
        "Export the encoder with a dynamic batch");
  }

  private Operands withSizes(Operands in) {
    long[] now = in.shape(0).getShape();
    long[] before = shapes.getOrDefault(in.node().inputs().get(0), in.shape(0)).getShape();
    int axis = batchAxis(before, now);
    long[] sizes = in.integers(SIZES);
    if (axis < 0 || sizes.length < now.length) {
      return in;
    }
    sizes[axis] *= factor;
    return withInput(in, SIZES, Tensors.of("sizes", sizes, sizes.length));
  }

  /** The dimension that grew with the batch, or −1 if the value does not depend on it. */
  private static int batchAxis(long[] before, long[] now) {
    for (int axis = 0; axis < now.length; axis++) {
      if (now[axis] != before[axis]) {
        return axis;
      }
    }
    return -1;
  }

  private static long product(long[] shape, int count) {
    return Tensors.size(Arrays.copyOf(shape, count));
  }

  /** A class token that the file expands to its own batch is expanded to this one. */
  private static Operands withRows(Operands in) {
    int rank = in.shape(0).dimension();
    int along = Operands.axis(in.node().integer("axis", 0), rank);
    long[] widest = new long[rank];
    for (int slot = 0; slot < in.count(); slot++) {
      for (int axis = 0; axis < rank; axis++) {
        widest[axis] = Math.max(widest[axis], in.shape(slot).get(axis));
      }
    }
    Operands adapted = in;
    for (int slot = 0; slot < in.count(); slot++) {
      long[] target = widest.clone();
      target[along] = in.shape(slot).get(along);
      Shape shape = new Shape(target);
      adapted = in.shape(slot).equals(shape) ? adapted : adapted.stretched(slot, shape);
    }
    return adapted;
  }

  private static Operands withInput(Operands in, int slot, TensorProto constant) {
    Shape shape = new Shape(Tensors.shape(constant));
    return in.with(
        slot, new Value(() -> "", shape, Tensors.scriptType(constant, in.precision()), constant));
  }
}
