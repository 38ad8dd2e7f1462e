package downstream.eval.encoder;

/**
 * A value of the graph that a head may read.
 *
 * @param value its name in the graph
 * @param stride input pixels per cell
 * @param channels its width C
 * @param layout how the value is laid out
 */
public record FeatureLevel(String value, int stride, int channels, Layout layout) {
  /**
   * {@code MAP} is [N, C, H/stride, W/stride]; {@code TOKENS} is [N, H/stride · W/stride, C] in
   * raster order.
   */
  public enum Layout {
    MAP,
    TOKENS
  }
}
