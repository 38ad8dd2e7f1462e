package downstream.pretrain.views;

import java.util.random.RandomGenerator;

/**
 * Changes of colour, in place, on interleaved RGB values in [0, 1], as BYOL's code defines them
 * ({@code byol/utils/augmentations.py}): brightness adds, contrast scales about the channel's mean,
 * saturation scales S and hue turns H of HSV.
 */
final class Colour {
  private static final double BRIGHTNESS = .4;
  private static final double CONTRAST = .4;
  private static final double SATURATION = .2;
  private static final double HUE = .1;

  private Colour() {}

  /** Brightness, contrast, saturation and hue, once each, in random order, then clipped. */
  static void jitter(float[] rgb, RandomGenerator random) {
    int[] order = {0, 1, 2, 3};
    for (int i = 3; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    for (int operation : order) {
      switch (operation) {
        case 0 -> brighten(rgb, around(0, BRIGHTNESS, random));
        case 1 -> contrast(rgb, around(1, CONTRAST, random));
        case 2 -> saturate(rgb, around(1, SATURATION, random));
        default -> turnHue(rgb, around(0, HUE, random));
      }
      clip(rgb);
    }
  }

  private static double around(double centre, double spread, RandomGenerator random) {
    return centre + spread * (2 * random.nextDouble() - 1);
  }

  static void brighten(float[] rgb, double delta) {
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] += (float) delta;
    }
  }

  static void contrast(float[] rgb, double factor) {
    for (int channel = 0; channel < 3; channel++) {
      double sum = 0;
      for (int i = channel; i < rgb.length; i += 3) {
        sum += rgb[i];
      }
      double mean = 3 * sum / rgb.length;
      for (int i = channel; i < rgb.length; i += 3) {
        rgb[i] = (float) (mean + factor * (rgb[i] - mean));
      }
    }
  }

  /** Scales HSV's S, at most to 1; V and H stay. */
  static void saturate(float[] rgb, double factor) {
    for (int i = 0; i < rgb.length; i += 3) {
      double value = Math.max(rgb[i], Math.max(rgb[i + 1], rgb[i + 2]));
      double low = Math.min(rgb[i], Math.min(rgb[i + 1], rgb[i + 2]));
      // S = (V - low) / V; every channel is V - (distance to V), and the distances scale with S
      double scale = value - low > 0 ? Math.min(factor, value / (value - low)) : 1;
      for (int c = 0; c < 3; c++) {
        rgb[i + c] = (float) (value - scale * (value - rgb[i + c]));
      }
    }
  }

  /** Turns HSV's H; V and S stay. */
  static void turnHue(float[] rgb, double turns) {
    for (int i = 0; i < rgb.length; i += 3) {
      double value = Math.max(rgb[i], Math.max(rgb[i + 1], rgb[i + 2]));
      double low = Math.min(rgb[i], Math.min(rgb[i + 1], rgb[i + 2]));
      double chroma = value - low;
      if (chroma > 0) {
        double sixths = sixths(rgb[i], rgb[i + 1], rgb[i + 2], value, chroma) + 6 * turns;
        for (int c = 0; c < 3; c++) {
          // n = 5, 3, 1 for red, green, blue: the closed form of HSV to RGB
          double k = Math.floorMod(5 - 2 * c, 6) + sixths;
          k -= 6 * Math.floor(k / 6);
          rgb[i + c] = (float) (value - chroma * Math.max(0, Math.min(1, Math.min(k, 4 - k))));
        }
      }
    }
  }

  /** Hue in sixths of a turn. */
  private static double sixths(double r, double g, double b, double value, double chroma) {
    if (value == r) {
      return (g - b) / chroma;
    }
    return value == g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma;
  }

  static void grey(float[] rgb) {
    for (int i = 0; i < rgb.length; i += 3) {
      float grey = .2989f * rgb[i] + .5870f * rgb[i + 1] + .1140f * rgb[i + 2];
      rgb[i] = grey;
      rgb[i + 1] = grey;
      rgb[i + 2] = grey;
    }
  }

  /** Inverts every value from one half up. */
  static void solarise(float[] rgb) {
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = rgb[i] < .5f ? rgb[i] : 1 - rgb[i];
    }
  }

  static void clip(float[] rgb) {
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = Math.max(0, Math.min(1, rgb[i]));
    }
  }
}
