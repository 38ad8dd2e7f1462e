package downstream.pretrain.views;

import downstream.eval.data.Image;
import java.util.Arrays;

/**
 * Crops and resizes in one go, without a copy of the crop: rows first, as their sums run along
 * whole rows, then columns. What lies outside of the crop does not count.
 *
 * @param kernel how pixels are weighted
 * @param antialias whether a side that shrinks is averaged over, as PIL and torchvision do, or only
 *     sampled, as TensorFlow does
 */
record Resampler(Kernel kernel, boolean antialias) {
  private static final float UNIT = 1 / 255f;

  /** PIL's bilinear resizing, torchvision's default. */
  static final Resampler BILINEAR = new Resampler(Kernel.LINEAR, true);

  /** PIL's bicubic resizing. */
  static final Resampler BICUBIC = new Resampler(Kernel.CUBIC, true);

  /** TensorFlow's bicubic resizing. */
  static final Resampler SAMPLED_BICUBIC = new Resampler(Kernel.CUBIC, false);

  /**
   * @param flip whether the result is mirrored left to right
   * @return [3, size, size], values in [0, 1]
   */
  float[] draw(Image image, Region part, boolean flip, int size) {
    Taps down = Taps.of(part.height(), size, kernel, antialias);
    Taps across = Taps.of(part.width(), size, kernel, antialias);
    float[] planes = new float[3 * size * size];
    Rows rows = new Rows(image, part, down.weights(size / 2).length + 1);
    float[] row = new float[3 * part.width()];
    for (int y = 0; y < size; y++) {
      rows.sum(down.start(y), down.weights(y), row);
      shrink(row, across, flip, planes, y * size, size);
    }
    if (kernel == Kernel.CUBIC) {
      Colour.clip(planes);
    }
    return planes;
  }

  /** Columns of one row: [width, 3] interleaved to a row of each plane. */
  private static void shrink(
      float[] row, Taps across, boolean flip, float[] planes, int offset, int size) {
    int area = size * size;
    for (int x = 0; x < size; x++) {
      float[] weights = across.weights(x);
      int from = 3 * across.start(x);
      float red = 0;
      float green = 0;
      float blue = 0;
      for (float weight : weights) {
        red += weight * row[from];
        green += weight * row[from + 1];
        blue += weight * row[from + 2];
        from += 3;
      }
      int to = offset + (flip ? size - 1 - x : x);
      planes[to] = red * UNIT;
      planes[to + area] = green * UNIT;
      planes[to + 2 * area] = blue * UNIT;
    }
  }

  /** Rows of the part as floats; the last few are kept, because neighbours share them. */
  private static final class Rows {
    private final Image image;
    private final Region part;
    private final float[][] kept;
    private final int[] held;

    Rows(Image image, Region part, int count) {
      this.image = image;
      this.part = part;
      kept = new float[count + 2][3 * part.width()];
      held = new int[kept.length];
      Arrays.fill(held, -1);
    }

    /** Weighted sum of rows from {@code start} on. */
    void sum(int start, float[] weights, float[] sum) {
      Arrays.fill(sum, 0);
      for (int i = 0; i < weights.length; i++) {
        add(sum, row(start + i), weights[i]);
      }
    }

    private static void add(float[] sum, float[] row, float weight) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += weight * row[i];
      }
    }

    private float[] row(int y) {
      int slot = y % kept.length;
      if (held[slot] != y) {
        held[slot] = y;
        convert(image.rgb(), 3 * ((part.y() + y) * image.width() + part.x()), kept[slot]);
      }
      return kept[slot];
    }

    private static void convert(byte[] rgb, int from, float[] row) {
      for (int i = 0; i < row.length; i++) {
        row[i] = rgb[from + i] & 255;
      }
    }
  }
}
