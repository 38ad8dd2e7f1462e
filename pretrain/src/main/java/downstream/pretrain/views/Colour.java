package downstream.pretrain.views;

import java.util.random.RandomGenerator;

/**
 * Changes of colour that BYOL's code and torchvision share, in place, on RGB planes [3, pixels] in
 * [0, 1].
 */
final class Colour {
  private static final float RED = .2989f;
  private static final float GREEN = .587f;
  private static final float BLUE = .114f;
  private static final float HALF = .5f;

  private Colour() {}

  /** 0, 1, 2, 3 in random order: the four operations of a colour jitter. */
  static int[] order(RandomGenerator random) {
    int[] order = {0, 1, 2, 3};
    for (int i = 3; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /** Uniform in centre ± spread. */
  static float around(double centre, double spread, RandomGenerator random) {
    return (float) (centre + spread * (2 * random.nextDouble() - 1));
  }

  /** Turns HSV's H; V and S stay. */
  static void turnHue(float[] planes, float turns) {
    int area = planes.length / 3;
    float shift = 6 * (turns - (float) Math.floor(turns)); // sixths of a turn, in [0, 6)
    for (int i = 0; i < area; i++) {
      float r = planes[i];
      float g = planes[i + area];
      float b = planes[i + 2 * area];
      float value = Math.max(r, Math.max(g, b));
      float low = Math.min(r, Math.min(g, b));
      float chroma = value - low;
      if (chroma > 0) {
        float hue = sixths(r, g, b, value, 1 / chroma) + shift; // in [-1, 11)
        hue = hue >= 6 ? hue - 6 : hue < 0 ? hue + 6 : hue;
        planes[i] = low + chroma * unit(Math.abs(hue - 3) - 1);
        planes[i + area] = low + chroma * unit(2 - Math.abs(hue - 2));
        planes[i + 2 * area] = low + chroma * unit(2 - Math.abs(hue - 4));
      }
    }
  }

  /** Hue in sixths of a turn, in [-1, 5]. */
  private static float sixths(float r, float g, float b, float value, float perChroma) {
    if (value == r) {
      return (g - b) * perChroma;
    }
    return value == g ? 2 + (b - r) * perChroma : 4 + (r - g) * perChroma;
  }

  private static float unit(float value) {
    return Math.max(0, Math.min(1, value));
  }

  /** ITU-R 601. */
  static float luma(float r, float g, float b) {
    return RED * r + GREEN * g + BLUE * b;
  }

  /** All three planes become luma. */
  static void grey(float[] planes) {
    int area = planes.length / 3;
    for (int i = 0; i < area; i++) {
      float grey = luma(planes[i], planes[i + area], planes[i + 2 * area]);
      planes[i] = grey;
      planes[i + area] = grey;
      planes[i + 2 * area] = grey;
    }
  }

  /** Mean luma. */
  static float meanGrey(float[] planes) {
    int area = planes.length / 3;
    return (float)
        (RED * mean(planes, 0, area)
            + GREEN * mean(planes, area, area)
            + BLUE * mean(planes, 2 * area, area));
  }

  /** Mean of {@code count} values. */
  static double mean(float[] planes, int from, int count) {
    double[] sums = new double[4]; // side by side: one alone would wait for each of its additions
    for (int i = from; i + 4 <= from + count; i += 4) {
      sums[0] += planes[i];
      sums[1] += planes[i + 1];
      sums[2] += planes[i + 2];
      sums[3] += planes[i + 3];
    }
    for (int i = from + count / 4 * 4; i < from + count; i++) {
      sums[0] += planes[i];
    }
    return (sums[0] + sums[1] + sums[2] + sums[3]) / count;
  }

  /** Inverts every value from one half up. */
  static void solarise(float[] planes) {
    for (int i = 0; i < planes.length; i++) {
      planes[i] = HALF - Math.abs(planes[i] - HALF);
    }
  }

  static void clip(float[] planes) {
    for (int i = 0; i < planes.length; i++) {
      planes[i] = Math.max(0, Math.min(1, planes[i]));
    }
  }
}
