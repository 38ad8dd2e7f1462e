package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import downstream.eval.BadInput;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Resize and Upsample, one axis after the other: nearest neighbours are repeated or picked, linear
 * and cubic interpolation is a product with a small matrix.
 */
final class Resample {
  private final Operands in;
  private final Node node;
  private final NDArray x;
  private final int rank;
  private final int[] axes;
  private final int scaleSlot;
  private final int sizeSlot;

  private Resample(Operands in) {
    this.in = in;
    x = in.array(0);
    rank = x.getShape().dimension();
    node = withDefaults(in.node());
    axes =
        Arrays.stream(node.integers("axes", LongStream.range(0, rank).toArray()))
            .mapToInt(axis -> Operands.axis(axis, rank))
            .toArray();
    boolean early = node.opset() < 11 || node.operator().equals("Upsample");
    scaleSlot = early ? 1 : 2;
    sizeSlot = early ? Integer.MAX_VALUE : 3;
  }

  static NDArray apply(Operands in) {
    return new Resample(in).resize();
  }

  /**
   * Adds the attributes that opset 10 lacks: there are no modes, places map by the scale alone and
   * round down.
   */
  private static Node withDefaults(Node node) {
    boolean early = node.opset() < 11 || node.operator().equals("Upsample");
    return early
        ? node.with("coordinate_transformation_mode", "asymmetric").with("nearest_mode", "floor")
        : node;
  }

  private NDArray resize() {
    float[] scales = scales();
    NDArray result = Torch.alias(x);
    for (int i = 0; i < axes.length; i++) {
      Interpolation axis = interpolation(i, scales[i]);
      if (axis.places() != axis.length() || scales[i] != 1 || crops()) {
        result = resize(result, axes[i], axis);
      }
    }
    return result;
  }

  private Interpolation interpolation(int i, float scale) {
    long length = x.getShape().get(axes[i]);
    long places =
        hasSizes() && !keepsAspect()
            ? in.integers(sizeSlot)[i]
            : (long) (hasSizes() ? Math.floor(length * scale + 0.5f) : Math.floor(length * scale));
    double[] roi = crops() ? in.numbers(1) : new double[2 * axes.length];
    return new Interpolation(
        node,
        Math.toIntExact(length),
        Math.toIntExact(places),
        scale,
        (float) roi[i],
        (float) roi[i + axes.length]);
  }

  private NDArray resize(NDArray values, int axis, Interpolation map) {
    NDArray result =
        switch (node.text("mode", "nearest")) {
          case "nearest" -> nearest(values, axis, map.nearest());
          case "linear" -> weighted(values, axis, map, false);
          case "cubic" -> weighted(values, axis, map, true);
          default ->
              throw new BadInput(
                  node.toString(),
                  "has mode " + node.text("mode", ""),
                  "Export the encoder with mode nearest, linear or cubic");
        };
    return crops() ? extrapolated(result, axis, map) : result;
  }

  private static NDArray nearest(NDArray values, int axis, long[] sources) {
    long length = values.getShape().get(axis);
    long times = sources.length / length;
    boolean repeats =
        times * length == sources.length
            && IntStream.range(0, sources.length).allMatch(i -> sources[i] == i / times);
    return repeats
        ? JniUtils.repeat(Torch.of(values), times, axis)
        : Torch.take(values, axis, sources);
  }

  private NDArray weighted(NDArray values, int axis, Interpolation map, boolean cubic) {
    NDArray weights = Torch.numbers(x, map.weights(cubic), map.places(), map.length());
    Shape before = values.getShape().slice(0, axis);
    Shape after = values.getShape().slice(axis + 1);
    NDArray product =
        after.size() == 1
            ? values.reshape(before.size(), map.length()).matMul(weights.transpose())
            : weights.matMul(values.reshape(before.size(), map.length(), after.size()));
    return product.reshape(before.add(map.places()).addAll(after));
  }

  /** Sets every value outside the crop to the extrapolation value. */
  private NDArray extrapolated(NDArray values, int axis, Interpolation map) {
    boolean[] outside = new boolean[map.places()];
    for (int i = 0; i < outside.length; i++) {
      outside[i] = map.outside(i);
    }
    long[] shape = new long[rank - axis];
    Arrays.fill(shape, 1);
    shape[0] = outside.length;
    NDArray value = Torch.number(x, node.number("extrapolation_value", 0));
    return Torch.where(Torch.booleans(x, outside, shape), value, values);
  }

  private boolean crops() {
    return node.text("coordinate_transformation_mode", "").equals("tf_crop_and_resize");
  }

  private boolean hasSizes() {
    return in.has(sizeSlot) && in.array(sizeSlot).size() > 0;
  }

  private boolean keepsAspect() {
    return !node.text("keep_aspect_ratio_policy", "stretch").equals("stretch");
  }

  private float[] scales() {
    if (!hasSizes()) {
      double[] stated = in.has(scaleSlot) ? in.numbers(scaleSlot) : node.numbers("scales");
      return floats(stated);
    }
    long[] sizes = in.integers(sizeSlot);
    double[] ratios =
        IntStream.range(0, axes.length)
            .mapToDouble(i -> (float) sizes[i] / x.getShape().get(axes[i]))
            .toArray();
    if (keepsAspect()) {
      boolean larger = node.text("keep_aspect_ratio_policy", "").equals("not_smaller");
      double common =
          larger
              ? Arrays.stream(ratios).max().orElseThrow()
              : Arrays.stream(ratios).min().orElseThrow();
      Arrays.fill(ratios, common);
    }
    return floats(ratios);
  }

  private static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }
}
