package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Operators that change a value's shape and move no number between elements. */
final class Shapes {
  private Shapes() {}

  /** Reshape: 0 copies the input's dimension unless {@code allowzero}, −1 takes what is left. */
  static NDArray reshape(Operands in) {
    boolean allowZero = in.node().integer("allowzero", 0) != 0;
    NDArray x = in.array(0);
    return x.reshape(target(x.getShape(), in.integers("shape", 1), allowZero));
  }

  /** The shape that Reshape asks for, for an input of this shape. */
  static long[] target(Shape input, long[] target, boolean allowZero) {
    long[] resolved = target.clone();
    long known = 1;
    for (int i = 0; i < resolved.length; i++) {
      resolved[i] = resolved[i] == 0 && !allowZero ? input.get(i) : resolved[i];
      known *= resolved[i] < 0 ? 1 : resolved[i];
    }
    for (int i = 0; i < resolved.length; i++) {
      resolved[i] = resolved[i] < 0 && known > 0 ? input.size() / known : resolved[i];
    }
    return resolved;
  }

  /** Flatten: two axes, the second from {@code axis} on. */
  static NDArray flatten(Operands in) {
    Shape shape = in.array(0).getShape();
    int axis = Operands.axis(in.node().integer("axis", 1), shape.dimension());
    return in.array(0).reshape(shape.slice(0, axis).size(), shape.slice(axis).size());
  }

  static NDArray transpose(Operands in) {
    long[] permutation = in.node().integers("perm");
    return permutation.length == 0
        ? in.array(0).transpose()
        : in.array(0).transpose(Arrays.stream(permutation).mapToInt(Math::toIntExact).toArray());
  }

  /** Squeeze: the named axes, or all of length 1. */
  static NDArray squeeze(Operands in) {
    long[] shape = in.array(0).getShape().getShape();
    long[] named = in.integers("axes", 1);
    boolean[] gone = new boolean[shape.length];
    for (long axis : named) {
      gone[Operands.axis(axis, shape.length)] = true;
    }
    long[] kept =
        LongStream.range(0, shape.length)
            .filter(i -> named.length > 0 ? !gone[(int) i] : shape[(int) i] != 1)
            .map(i -> shape[(int) i])
            .toArray();
    return in.array(0).reshape(kept);
  }

  /** Unsqueeze: the axes count in the result. */
  static NDArray unsqueeze(Operands in) {
    long[] shape = in.array(0).getShape().getShape();
    long[] axes = in.integers("axes", 1);
    long[] wider = new long[shape.length + axes.length];
    for (long axis : axes) {
      wider[Operands.axis(axis, wider.length)] = 1;
    }
    int next = 0;
    for (int i = 0; i < wider.length; i++) {
      wider[i] = wider[i] == 1 ? 1 : shape[next++];
    }
    return in.array(0).reshape(wider);
  }

  /** Expand: both shapes broadcast to one; no copy. */
  static NDArray expand(Operands in) {
    Shape shape = broadcast(in.array(0).getShape(), new Shape(in.integers(1)));
    return JniUtils.broadcast(Torch.of(in.array(0)), shape);
  }

  private static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.dimension(), b.dimension());
    long[] shape = new long[rank];
    for (int i = 0; i < rank; i++) {
      int fromA = i - rank + a.dimension();
      int fromB = i - rank + b.dimension();
      long first = fromA < 0 ? 1 : a.get(fromA);
      long second = fromB < 0 ? 1 : b.get(fromB);
      shape[i] = first == 1 ? second : first;
    }
    return new Shape(shape);
  }

  static NDArray tile(Operands in) {
    return JniUtils.tile(Torch.of(in.array(0)), in.integers(1));
  }

  /** DepthToSpace: [N, C, H, W] → [N, C/b², H·b, W·b]. */
  static NDArray depthToSpace(Operands in) {
    long block = in.node().integer("blocksize", 1);
    long[] shape = in.array(0).getShape().getShape();
    long depth = shape[1] / (block * block);
    boolean depthFirst = in.node().text("mode", "DCR").equals("DCR");
    NDArray split =
        depthFirst
            ? in.array(0).reshape(shape[0], block, block, depth, shape[2], shape[3])
            : in.array(0).reshape(shape[0], depth, block, block, shape[2], shape[3]);
    return (depthFirst ? split.transpose(0, 3, 4, 1, 5, 2) : split.transpose(0, 1, 4, 2, 5, 3))
        .reshape(shape[0], depth, shape[2] * block, shape[3] * block);
  }

  /** SpaceToDepth: [N, C, H, W] → [N, C·b², H/b, W/b]. */
  static NDArray spaceToDepth(Operands in) {
    long block = in.node().integer("blocksize", 1);
    long[] shape = in.array(0).getShape().getShape();
    long height = shape[2] / block;
    long width = shape[3] / block;
    return in.array(0)
        .reshape(shape[0], shape[1], height, block, width, block)
        .transpose(0, 3, 5, 1, 2, 4)
        .reshape(shape[0], shape[1] * block * block, height, width);
  }
}
