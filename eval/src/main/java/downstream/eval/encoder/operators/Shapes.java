package downstream.eval.encoder.operators;

import ai.djl.ndarray.types.Shape;
import java.util.stream.LongStream;

/** Operators that change a value's shape and move no number between elements. */
final class Shapes {
  private Shapes() {}

  /** Reshape: 0 copies the input's dimension unless {@code allowzero}, −1 takes what is left. */
  static String reshape(Operands in) {
    boolean allowZero = in.node().integer("allowzero", 0) != 0;
    return reshape(in, target(in.shape(0), in.integers("shape", 1), allowZero));
  }

  private static String reshape(Operands in, long... shape) {
    return Code.call("reshape", in.code(0), shape);
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
  static String flatten(Operands in) {
    int axis = in.axis(in.node().integer("axis", 1));
    return reshape(in, in.shape(0).slice(0, axis).size(), in.shape(0).slice(axis).size());
  }

  static String transpose(Operands in) {
    long[] permutation = in.node().integers("perm");
    long[] turned = LongStream.range(0, in.rank(0)).map(i -> in.rank(0) - 1 - i).toArray();
    return Code.call("permute", in.code(0), permutation.length == 0 ? turned : permutation);
  }

  /** Squeeze: the named axes, or all of length 1. */
  static String squeeze(Operands in) {
    long[] shape = in.shape(0).getShape();
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
    return reshape(in, kept);
  }

  /** Unsqueeze: the axes count in the result. */
  static String unsqueeze(Operands in) {
    long[] shape = in.shape(0).getShape();
    long[] axes = in.integers("axes", 1);
    long[] wider = new long[shape.length + axes.length];
    for (long axis : axes) {
      wider[Operands.axis(axis, wider.length)] = 1;
    }
    int next = 0;
    for (int i = 0; i < wider.length; i++) {
      wider[i] = wider[i] == 1 ? 1 : shape[next++];
    }
    return reshape(in, wider);
  }

  /** Expand: both shapes broadcast to one; no copy. */
  static String expand(Operands in) {
    Shape shape = broadcast(in.shape(0), new Shape(in.integers(1)));
    return Code.call("expand", in.code(0), shape.getShape());
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

  static String tile(Operands in) {
    return Code.call("tile", in.code(0), in.integers(1));
  }

  /** DepthToSpace: [N, C, H, W] → [N, C/b², H·b, W·b]. */
  static String depthToSpace(Operands in) {
    long block = in.node().integer("blocksize", 1);
    if (!in.node().text("mode", "DCR").equals("DCR")) {
      return Code.call("pixel_shuffle", in.code(0), block);
    }
    long[] shape = in.shape(0).getShape();
    long depth = shape[1] / (block * block);
    String split = reshape(in, shape[0], block, block, depth, shape[2], shape[3]);
    String apart = Code.call("permute", split, new int[] {0, 3, 4, 1, 5, 2});
    return Code.call(
        "reshape", apart, new long[] {shape[0], depth, shape[2] * block, shape[3] * block});
  }

  /** SpaceToDepth: [N, C, H, W] → [N, C·b², H/b, W/b]. */
  static String spaceToDepth(Operands in) {
    long block = in.node().integer("blocksize", 1);
    long[] shape = in.shape(0).getShape();
    long height = shape[2] / block;
    long width = shape[3] / block;
    String split = reshape(in, shape[0], shape[1], height, block, width, block);
    String together = Code.call("permute", split, new int[] {0, 3, 5, 1, 2, 4});
    return Code.call(
        "reshape", together, new long[] {shape[0], shape[1] * block * block, height, width});
  }
}
