package downstream.pretrain.mining.embedding;

import downstream.eval.BadInput;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.runtime.OnnxEncoder;
import downstream.pretrain.views.Region;
import java.util.Arrays;

/** The features of one image at one level: side × side cells in raster order, C values each. */
final class FeatureMap {
  /** Points along each side of a region at which the map is read. */
  private static final int SAMPLES = 14;

  private final int side;
  private final int channels;
  private final float[] data;
  private final int start;
  private final int cellStep;
  private final int channelStep;

  private FeatureMap(
      int side, int channels, float[] data, int start, int cellStep, int channelStep) {
    this.side = side;
    this.channels = channels;
    this.data = data;
    this.start = start;
    this.cellStep = cellStep;
    this.channelStep = channelStep;
  }

  /**
   * The map of one image of a batch.
   *
   * @throws BadInput if the value does not have the shape that the spec says
   */
  static FeatureMap of(FeatureLevel level, OnnxEncoder.Value value, int image) {
    long[] shape = value.shape();
    int channels = level.channels();
    boolean tokens = level.layout() == FeatureLevel.Layout.TOKENS;
    boolean map = level.layout() == FeatureLevel.Layout.MAP;
    if (shape.length != (tokens ? 3 : 4) || shape[map ? 1 : shape.length - 1] != channels) {
      throw misdeclared(level, shape);
    }
    int side = tokens ? tokenGrid(shape[1] - level.extraTokens()) : (int) shape[map ? 2 : 1];
    int before = tokens ? level.extraTokens() : 0;
    int length = (before + side * side) * channels;
    if (value.data().length != shape[0] * length) {
      throw misdeclared(level, shape);
    }
    return new FeatureMap(
        side,
        channels,
        value.data(),
        image * length + before * channels,
        map ? 1 : channels,
        map ? side * side : 1);
  }

  /** Side of the square of so many tokens. */
  private static int tokenGrid(long tokens) {
    return (int) Math.round(Math.sqrt(tokens));
  }

  private static BadInput misdeclared(FeatureLevel level, long[] shape) {
    return new BadInput(
        "level '" + level.value() + "'",
        "is declared as "
            + level.layout()
            + " with "
            + level.channels()
            + " channels, but has the"
            + " shape "
            + Arrays.toString(shape),
        "Correct the level in the encoder's spec");
  }

  /** A map of values given cell by cell, for tests. */
  static FeatureMap of(int side, int channels, float[] cells) {
    return new FeatureMap(side, channels, cells, 0, channels, 1);
  }

  /** The mean of all cells. */
  float[] mean() {
    double[] all = new double[side];
    Arrays.fill(all, 1.0 / side);
    return weighted(all, all);
  }

  /**
   * RoIAlign (He et al., "Mask R-CNN", 2017) averaged over the region: the map is read bilinearly
   * at 14 × 14 points spread evenly over it. The value of a cell stands at the cell's centre;
   * beyond the outermost centres the map continues unchanged.
   *
   * @param width of the image in pixels, all of which the map covers
   * @param height of the image in pixels
   */
  float[] align(Region region, int width, int height) {
    double[] across = weights(region.x(), region.width(), width);
    double[] down = weights(region.y(), region.height(), height);
    return weighted(across, down);
  }

  /** Weights of the columns (or rows), summing to 1. */
  private double[] weights(int from, int length, int whole) {
    double[] weights = new double[side];
    for (int i = 0; i < SAMPLES; i++) {
      double at = (from + (i + .5) / SAMPLES * length) * side / whole - .5;
      double inside = Math.min(side - 1, Math.max(0, at));
      int low = Math.min((int) inside, Math.max(0, side - 2));
      double share = inside - low;
      weights[low] += (1 - share) / SAMPLES;
      if (share > 0) {
        weights[low + 1] += share / SAMPLES;
      }
    }
    return weights;
  }

  private float[] weighted(double[] across, double[] down) {
    double[] sum = new double[channels];
    for (int cell = 0; cell < side * side; cell++) {
      double weight = across[cell % side] * down[cell / side];
      for (int channel = 0; weight > 0 && channel < channels; channel++) {
        sum[channel] += weight * data[start + cell * cellStep + channel * channelStep];
      }
    }
    float[] values = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      values[channel] = (float) sum[channel];
    }
    return values;
  }
}
