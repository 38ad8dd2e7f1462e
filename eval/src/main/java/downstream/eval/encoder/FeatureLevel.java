package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.annotation.JsonInclude;
import downstream.eval.BadInput;

/**
 * A value of the graph that a head may read.
 *
 * @param value its name in the graph
 * @param stride input pixels per cell
 * @param channels its width C
 * @param layout how the value is laid out
 * @param extraTokens K, how many tokens stand before the patches' (a class token); 0 for maps
 * @param margin M, how many cells per side a map lacks because convolutions before it are not
 *     padded; heads see it resized to H/stride
 */
public record FeatureLevel(
    String value,
    int stride,
    int channels,
    Layout layout,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) int extraTokens,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) int margin) {
  /**
   * {@code MAP} is [N, C, H/stride − M, W/stride − M]; {@code CHANNELS_LAST} is [N, H/stride,
   * W/stride, C]; {@code TOKENS} is [N, K + H/stride · W/stride, C] in raster order.
   */
  public enum Layout {
    MAP,
    CHANNELS_LAST,
    TOKENS
  }

  private static final int BILINEAR = 2;

  /** A level without extra tokens or margin. */
  public FeatureLevel(String value, int stride, int channels, Layout layout) {
    this(value, stride, channels, layout, 0, 0);
  }

  /** Returns the number of values for one image of this size. */
  public int length(int imageSize) {
    return Math.toIntExact(shape(1, imageSize).size());
  }

  /** The shape of the value, as the graph lays it out. */
  public Shape shape(long batch, int imageSize) {
    long side = imageSize / stride;
    return switch (layout) {
      case MAP -> new Shape(batch, channels, side - margin, side - margin);
      case CHANNELS_LAST -> new Shape(batch, side, side, channels);
      case TOKENS -> new Shape(batch, extraTokens + side * side, channels);
    };
  }

  /**
   * The value as a map [N, C, S/stride, S/stride].
   *
   * @throws BadInput if the value does not have the shape that the spec says
   */
  public NDArray toMap(NDArray array, int imageSize) {
    long batch = array.getShape().get(0);
    if (!array.getShape().equals(shape(batch, imageSize))) {
      throw new BadInput(
          "level '" + value + "'",
          "has shape " + array.getShape() + ", the spec says " + shape(batch, imageSize),
          "Correct stride, channels, layout, extraTokens or margin in the encoder's spec");
    }
    return switch (layout) {
      case MAP -> margin == 0 ? array : resized(array, imageSize / stride);
      case CHANNELS_LAST -> array.transpose(0, 3, 1, 2);
      case TOKENS -> {
        long side = imageSize / stride;
        NDArray patches = extraTokens == 0 ? array : array.get(":, " + extraTokens + ":");
        yield patches.transpose(0, 2, 1).reshape(batch, channels, side, side);
      }
    };
  }

  private static NDArray resized(NDArray map, long side) {
    return JniUtils.interpolate((PtNDArray) map, new long[] {side, side}, BILINEAR, false);
  }
}
