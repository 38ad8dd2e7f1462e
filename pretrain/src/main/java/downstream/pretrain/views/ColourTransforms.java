package downstream.pretrain.views;

import java.util.random.RandomGenerator;

/**
 * Colour transforms that BYOL's code and torchvision share, in place, on RGB planes {red, green,
 * blue} of values in [0, 1].
 *
 * <p>Loops are short and go straight through whole arrays: so the compiler makes vector
 * instructions of them, and several such loops are far faster than one that does everything.
 */
final class ColourTransforms {
  private static final float RED = .2989f;
  private static final float GREEN = .587f;
  private static final float BLUE = .114f;
  private static final float HALF = .5f;
  private static final float TINY = 1e-20f;

  private ColourTransforms() {}

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

  /** factor · value + term, clipped. */
  static void scale(float[] values, float factor, float term) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(0, Math.min(1, factor * values[i] + term));
    }
  }

  /** Turns HSV's H; V and S stay. */
  static void turnHue(float[][] rgb, float turns) {
    float[] high = largest(rgb); // V
    float[] low = smallest(rgb);
    float[] hue = new float[high.length];
    float shift = 6 * (turns - (float) Math.floor(turns)); // sixths of a turn, in [0, 6)
    for (int i = 0; i < hue.length; i++) {
      float chroma = Math.max(high[i] - low[i], TINY); // of a grey, any hue will do
      float sixths = sixths(rgb[0][i], rgb[1][i], rgb[2][i], high[i], 1 / chroma) + shift;
      float upTo6 = sixths >= 6 ? sixths - 6 : sixths;
      hue[i] = upTo6 < 0 ? upTo6 + 6 : upTo6;
    }
    setFromHue(rgb[0], high, low, hue, 3, 1, -1);
    setFromHue(rgb[1], high, low, hue, 2, -1, 2);
    setFromHue(rgb[2], high, low, hue, 4, -1, 2);
  }

  /** Hue in sixths of a turn, in [-1, 5]. */
  private static float sixths(float r, float g, float b, float high, float perChroma) {
    if (high == r) {
      return (g - b) * perChroma;
    }
    return high == g ? 2 + (b - r) * perChroma : 4 + (r - g) * perChroma;
  }

  /** A channel goes from low to high as sign · |hue - centre| + offset goes from 0 to 1. */
  private static void setFromHue(
      float[] channel,
      float[] high,
      float[] low,
      float[] hue,
      float centre,
      float sign,
      float offset) {
    for (int i = 0; i < channel.length; i++) {
      float share = Math.max(0, Math.min(1, sign * Math.abs(hue[i] - centre) + offset));
      channel[i] = low[i] + (high[i] - low[i]) * share;
    }
  }

  /** The largest channel of each pixel. */
  static float[] largest(float[][] rgb) {
    float[] red = rgb[0];
    float[] green = rgb[1];
    float[] blue = rgb[2];
    float[] largest = new float[red.length];
    for (int i = 0; i < largest.length; i++) {
      largest[i] = Math.max(red[i], Math.max(green[i], blue[i]));
    }
    return largest;
  }

  /** The least channel of each pixel. */
  static float[] smallest(float[][] rgb) {
    float[] red = rgb[0];
    float[] green = rgb[1];
    float[] blue = rgb[2];
    float[] least = new float[red.length];
    for (int i = 0; i < least.length; i++) {
      least[i] = Math.min(red[i], Math.min(green[i], blue[i]));
    }
    return least;
  }

  /** The grey of each pixel (ITU-R 601). */
  static float[] luma(float[][] rgb) {
    float[] red = rgb[0];
    float[] green = rgb[1];
    float[] blue = rgb[2];
    float[] luma = new float[red.length];
    for (int i = 0; i < luma.length; i++) {
      luma[i] = RED * red[i] + GREEN * green[i] + BLUE * blue[i];
    }
    return luma;
  }

  /** All three planes become luma. */
  static void grey(float[][] rgb) {
    float[] luma = luma(rgb);
    for (float[] channel : rgb) {
      System.arraycopy(luma, 0, channel, 0, luma.length);
    }
  }

  /** Mean luma. */
  static float meanGrey(float[][] rgb) {
    return (float) (RED * mean(rgb[0]) + GREEN * mean(rgb[1]) + BLUE * mean(rgb[2]));
  }

  /** Four sums side by side, because one alone would wait for each of its additions. */
  static double mean(float[] values) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int fours = values.length / 4 * 4;
    for (int i = 0; i < fours; i += 4) {
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    for (int i = fours; i < values.length; i++) {
      a += values[i];
    }
    return (a + b + c + d) / values.length;
  }

  /** Inverts every value from one half up. */
  static void solarise(float[][] rgb) {
    for (float[] channel : rgb) {
      solarise(channel);
    }
  }

  private static void solarise(float[] channel) {
    for (int i = 0; i < channel.length; i++) {
      channel[i] = HALF - Math.abs(channel[i] - HALF);
    }
  }
}
