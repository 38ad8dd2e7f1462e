package downstream.eval.encoder.operators;

import ai.djl.ndarray.types.Shape;
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
  private final int rank;
  private final int[] axes;
  private final int scaleSlot;
  private final int sizeSlot;

  private Resample(Operands in) {
    this.in = in;
    rank = in.rank(0);
    node = withDefaults(in.node());
    axes =
        Arrays.stream(node.integers("axes", LongStream.range(0, rank).toArray()))
            .mapToInt(axis -> Operands.axis(axis, rank))
            .toArray();
    boolean early = node.opset() < 11 || node.operator().equals("Upsample");
    scaleSlot = early ? 1 : 2;
    sizeSlot = early ? Integer.MAX_VALUE : 3;
  }

  static String apply(Operands in) {
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

  private String resize() {
    float[] scales = scales();
    String result = in.code(0);
    long[] shape = in.shape(0).getShape().clone();
    for (int i = 0; i < axes.length; i++) {
      ResizeAxis axis = axis(i, scales[i]);
      if (axis.places() != axis.length() || scales[i] != 1 || crops()) {
        result = resize(result, new Shape(shape), axes[i], axis);
        shape[axes[i]] = axis.places();
      }
    }
    return result;
  }

  private ResizeAxis axis(int i, float scale) {
    long length = in.shape(0).get(axes[i]);
    long places =
        hasSizes() && !keepsAspect()
            ? in.integers(sizeSlot)[i]
            : (long) (hasSizes() ? Math.floor(length * scale + 0.5f) : Math.floor(length * scale));
    double[] roi = crops() ? in.numbers(1) : new double[2 * axes.length];
    return new ResizeAxis(
        node,
        Math.toIntExact(length),
        Math.toIntExact(places),
        scale,
        (float) roi[i],
        (float) roi[i + axes.length]);
  }

  private String resize(String values, Shape shape, int axis, ResizeAxis map) {
    String result =
        switch (node.text("mode", "nearest")) {
          case "nearest" -> nearest(values, shape, axis, map.nearest());
          case "linear" -> weighted(values, shape, axis, map, false);
          case "cubic" -> weighted(values, shape, axis, map, true);
          default ->
              throw new BadInput(
                  node.toString(),
                  "has mode " + node.text("mode", ""),
                  "Export the encoder with mode nearest, linear or cubic");
        };
    return crops() ? extrapolated(result, axis, map) : result;
  }

  private String nearest(String values, Shape shape, int axis, long[] sources) {
    long times = sources.length / shape.get(axis);
    boolean repeats =
        times * shape.get(axis) == sources.length
            && IntStream.range(0, sources.length).allMatch(i -> sources[i] == i / times);
    return repeats
        ? Code.call("repeat_interleave", values, times, axis)
        : IndexingOperators.take(in, values, axis, sources);
  }

  private String weighted(String values, Shape shape, int axis, ResizeAxis map, boolean cubic) {
    String weights = in.numbers(map.weights(cubic), map.places(), map.length());
    Shape before = shape.slice(0, axis);
    Shape after = shape.slice(axis + 1);
    String product;
    if (after.size() == 1) {
      String rows = Code.call("reshape", values, new long[] {before.size(), map.length()});
      product = Code.call("matmul", rows, Code.call("transpose", weights, 0, 1));
    } else {
      long[] columns = {before.size(), map.length(), after.size()};
      product = Code.call("matmul", weights, Code.call("reshape", values, columns));
    }
    return Code.call("reshape", product, before.add(map.places()).addAll(after).getShape());
  }

  /** Sets every value outside the crop to the extrapolation value. */
  private String extrapolated(String values, int axis, ResizeAxis map) {
    double[] inside = new double[map.places()];
    for (int i = 0; i < inside.length; i++) {
      inside[i] = map.outside(i) ? 0 : 1;
    }
    long[] shape = new long[rank - axis];
    Arrays.fill(shape, 1);
    shape[0] = inside.length;
    String outside = Code.call("eq", in.numbers(inside, shape), 0);
    double value = node.number("extrapolation_value", 0);
    return Code.call("masked_fill", values, outside, value);
  }

  private boolean crops() {
    return node.text("coordinate_transformation_mode", "").equals("tf_crop_and_resize");
  }

  private boolean hasSizes() {
    return in.has(sizeSlot) && in.shape(sizeSlot).size() > 0;
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
            .mapToDouble(i -> (float) sizes[i] / in.shape(0).get(axes[i]))
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
