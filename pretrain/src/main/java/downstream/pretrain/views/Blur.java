package downstream.pretrain.views;

import java.util.Arrays;

/**
 * Gaussian blur of planes [size, size], in place; beyond the border the border's value continues.
 *
 * <p>Sums run over whole rows, of all planes at once, which the compiler makes vector instructions
 * of; to blur along rows the planes are transposed.
 */
final class Blur {
  private static final int BOXES = 3;

  private Blur() {}

  /**
   * Blurs with a Gaussian kernel, as BYOL's code has it.
   *
   * @param radius taps on either side of the centre
   * @param sigma standard deviation, pixels
   */
  static void gaussian(float[][] planes, int size, int radius, double sigma) {
    if (radius > 0) {
      apply(planes, size, kernel(radius, sigma), 1);
    }
  }

  /**
   * Blurs as PIL's {@code GaussianBlur(sigma)}: three boxes in succession whose variances add up to
   * sigma² (Gwosdek et al. 2011).
   *
   * @param sigma standard deviation, pixels
   */
  static void boxes(float[][] planes, int size, double sigma) {
    apply(planes, size, box(sigma * sigma / BOXES), BOXES);
  }

  /** Weights of the centre and of the taps on one side of it; both sides together sum to 1. */
  static float[] kernel(int radius, double sigma) {
    double[] weights = new double[radius + 1];
    for (int i = 0; i <= radius; i++) {
      weights[i] = Math.exp(-.5 * i * i / (sigma * sigma));
    }
    return normalised(weights);
  }

  /** Returns a box kernel whose ends weigh less, such that it has this variance. */
  static float[] box(double variance) {
    int whole = (int) ((Math.sqrt(12 * variance + 1) - 1) / 2);
    double end = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
    double[] weights = new double[whole + 2];
    Arrays.fill(weights, 1);
    weights[whole + 1] = end / (6 * (variance - (whole + 1) * (whole + 1)));
    return normalised(weights);
  }

  private static float[] normalised(double[] half) {
    double sum = 2 * Arrays.stream(half).sum() - half[0];
    float[] kernel = new float[half.length];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = (float) (half[i] / sum);
    }
    return kernel;
  }

  private static void apply(float[][] planes, int size, float[] half, int times) {
    float[][] rows = new float[size][planes.length * size];
    float[][] spare = new float[size][planes.length * size];
    turn(planes, rows, size);
    for (int i = 0; i < times; i++) {
      filter(rows, half, spare);
      float[][] swapped = rows;
      rows = spare;
      spare = swapped;
    }
    turn(rows, spare, size, planes.length);
    for (int i = 0; i < times; i++) {
      filter(spare, half, rows);
      float[][] swapped = rows;
      rows = spare;
      spare = swapped;
    }
    for (int plane = 0; plane < planes.length; plane++) {
      for (int y = 0; y < size; y++) {
        System.arraycopy(spare[y], plane * size, planes[plane], y * size, size);
      }
    }
  }

  /** Planes to rows of {column, all planes side by side}. */
  private static void turn(float[][] planes, float[][] columns, int size) {
    for (int x = 0; x < size; x++) {
      float[] column = columns[x];
      for (int plane = 0; plane < planes.length; plane++) {
        float[] values = planes[plane];
        for (int y = 0, from = x; y < size; y++, from += size) {
          column[plane * size + y] = values[from];
        }
      }
    }
  }

  private static void turn(float[][] columns, float[][] rows, int size, int planes) {
    for (int y = 0; y < size; y++) {
      float[] row = rows[y];
      for (int plane = 0; plane < planes; plane++) {
        for (int x = 0; x < size; x++) {
          row[plane * size + x] = columns[x][plane * size + y];
        }
      }
    }
  }

  /** Replaces each row by a weighted sum of itself and its neighbours. */
  private static void filter(float[][] rows, float[] half, float[][] sums) {
    int last = rows.length - 1;
    for (int y = 0; y <= last; y++) {
      centre(rows[y], rows[Math.max(0, y - 1)], rows[Math.min(last, y + 1)], half, sums[y]);
      for (int tap = 2; tap < half.length; tap++) {
        add(rows[Math.max(0, y - tap)], rows[Math.min(last, y + tap)], half[tap], sums[y]);
      }
    }
  }

  private static void centre(float[] row, float[] above, float[] below, float[] half, float[] sum) {
    float middle = half[0];
    float next = half[1];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = middle * row[i] + next * (above[i] + below[i]);
    }
  }

  private static void add(float[] above, float[] below, float weight, float[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * (above[i] + below[i]);
    }
  }
}
