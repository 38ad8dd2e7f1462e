package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.Arrays;

/**
 * Crops and resizes in one go, without a copy of the crop: rows first, as their sums run along
 * whole rows, then columns. Pixels outside of the crop do not count.
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
   * @return planes {red, green, blue} of size · size values in [0, 1]
   */
  float[][] draw(Image image, Region part, boolean flip, int size) {
    ResampleWeights down = ResampleWeights.of(part.height(), size, kernel, antialias);
    ResampleWeights across = ResampleWeights.of(part.width(), size, kernel, antialias);
    float[][] rgb = new float[3][size * size];
    RowSums rows = new RowSums(image, part, down);
    for (int y = 0; y < size; y++) {
      resize(rows.sum(y), across, rgb, y * size);
      if (flip) {
        flip(rgb, y * size, size);
      }
    }
    if (kernel == Kernel.CUBIC) { // it overshoots
      for (float[] channel : rgb) {
        ColourTransforms.scale(channel, 1, 0);
      }
    }
    return rgb;
  }

  /** Resizes one row: [width, 3] interleaved to a row of each plane. */
  private static void resize(float[] row, ResampleWeights across, float[][] rgb, int to) {
    int count = across.count();
    int[] start = across.start();
    float[] weights = across.weights();
    for (int x = 0; x < start.length; x++) {
      int from = 3 * start[x];
      float red = 0;
      float green = 0;
      float blue = 0;
      for (int tap = x * count; tap < (x + 1) * count; tap++) {
        red += weights[tap] * row[from];
        green += weights[tap] * row[from + 1];
        blue += weights[tap] * row[from + 2];
        from += 3;
      }
      rgb[0][to + x] = red * UNIT;
      rgb[1][to + x] = green * UNIT;
      rgb[2][to + x] = blue * UNIT;
    }
  }

  private static void flip(float[][] rgb, int start, int size) {
    for (float[] channel : rgb) {
      for (int left = start, right = start + size - 1; left < right; left++, right--) {
        float swapped = channel[left];
        channel[left] = channel[right];
        channel[right] = swapped;
      }
    }
  }

  /** Sums of rows of the part; the last few rows are kept as floats, as neighbours share them. */
  private static final class RowSums {
    private final Image image;
    private final Region part;
    private final ResampleWeights down;
    private final float[][] kept;
    private final int[] held;
    private final float[] sum;

    RowSums(Image image, Region part, ResampleWeights down) {
      this.image = image;
      this.part = part;
      this.down = down;
      kept = new float[down.count()][3 * part.width()];
      held = new int[kept.length];
      Arrays.fill(held, -1);
      sum = new float[3 * part.width()];
    }

    /**
     * Row {@code y} of the result, resized vertically: [width, 3], overwritten by the next call.
     */
    float[] sum(int y) {
      Arrays.fill(sum, 0);
      for (int tap = 0; tap < down.count(); tap++) {
        float weight = down.weights()[y * down.count() + tap];
        if (weight != 0) {
          add(sum, row(down.start()[y] + tap), weight);
        }
      }
      return sum;
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
