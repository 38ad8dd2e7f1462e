package downstream.eval.finetune;

import downstream.eval.data.image.Image;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * SSD's photometric distortion (Liu et al. 2016) as mmseg has it, each step half of the time:
 * brightness ± 32 of 255; contrast × 0.5 to 1.5, either here or last; saturation × 0.5 to 1.5; hue
 * ± 36°. Values are cut to 0…255 after each step.
 */
final class PhotometricDistortion {
  private static final double BRIGHTNESS = 32;
  private static final double LEAST = 0.5;
  private static final double MOST = 1.5;
  private static final double HUE = 36;
  private static final int FULL = 255;
  private static final int SEXTANT = 60;

  private PhotometricDistortion() {}

  /** The image distorted by the next draws of {@code random}; a new one, or itself. */
  static Image of(Image image, RandomGenerator random) {
    byte[] rgb = image.rgb().clone();
    if (random.nextBoolean()) {
      double shift = between(-BRIGHTNESS, BRIGHTNESS, random);
      apply(rgb, value -> cut(value + shift));
    }
    boolean contrastFirst = random.nextBoolean();
    if (contrastFirst) {
      contrast(rgb, random);
    }
    double saturation = random.nextBoolean() ? between(LEAST, MOST, random) : 1;
    double hue = random.nextBoolean() ? between(-HUE, HUE, random) : 0;
    if (saturation != 1 || hue != 0) {
      for (int i = 0; i < rgb.length; i += 3) {
        colour(rgb, i, saturation, hue);
      }
    }
    if (!contrastFirst) {
      contrast(rgb, random);
    }
    return Image.of(image.width(), image.height(), rgb);
  }

  private static double between(double least, double most, RandomGenerator random) {
    return least + (most - least) * random.nextDouble();
  }

  private static void contrast(byte[] rgb, RandomGenerator random) {
    if (random.nextBoolean()) {
      double factor = between(LEAST, MOST, random);
      apply(rgb, value -> cut(value * factor));
    }
  }

  private static void apply(byte[] rgb, IntUnaryOperator change) {
    byte[] table = new byte[FULL + 1];
    for (int value = 0; value <= FULL; value++) {
      table[value] = (byte) change.applyAsInt(value);
    }
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = table[rgb[i] & 0xff];
    }
  }

  private static int cut(double value) {
    return (int) Math.round(Math.min(FULL, Math.max(0, value)));
  }

  /**
   * Scales the saturation of one pixel and turns its hue, its value (the largest channel) as it is:
   * the channels as V − C · share, where C is the chroma (Smith 1978).
   */
  static void colour(byte[] rgb, int at, double saturation, double turn) {
    int red = rgb[at] & 0xff;
    int green = rgb[at + 1] & 0xff;
    int blue = rgb[at + 2] & 0xff;
    int value = Math.max(red, Math.max(green, blue));
    double chroma = value - Math.min(red, Math.min(green, blue));
    if (chroma == 0) {
      return;
    }
    double hue;
    if (value == red) {
      hue = (green - blue) / chroma;
    } else if (value == green) {
      hue = 2 + (blue - red) / chroma;
    } else {
      hue = 4 + (red - green) / chroma;
    }
    double turned = hue + turn / SEXTANT;
    double changed = Math.min(value, chroma * saturation);
    rgb[at] = (byte) channel(value, changed, turned + 5);
    rgb[at + 1] = (byte) channel(value, changed, turned + 3);
    rgb[at + 2] = (byte) channel(value, changed, turned + 1);
  }

  private static int channel(int value, double chroma, double sextant) {
    double k = sextant - 6 * Math.floor(sextant / 6);
    return cut(value - chroma * Math.max(0, Math.min(1, Math.min(k, 4 - k))));
  }
}
