package downstream.pretrain.views;

import java.util.random.RandomGenerator;

/**
 * Colour jitter as BYOL's code has it ({@code byol/utils/augmentations.py}), in place on RGB planes
 * {red, green, blue} in [0, 1]: brightness adds, contrast scales about the mean of each channel,
 * saturation scales S and hue turns H of HSV; once each in random order, clipped after each.
 */
final class ByolJitter {
  private static final double BRIGHTNESS = .4;
  private static final double CONTRAST = .4;
  private static final double SATURATION = .2;
  private static final double HUE = .1;
  private static final float TINY = 1e-20f;

  private ByolJitter() {}

  static void apply(float[][] rgb, RandomGenerator random) {
    for (int operation : ColourTransforms.order(random)) {
      switch (operation) {
        case 0 -> brighten(rgb, ColourTransforms.around(0, BRIGHTNESS, random));
        case 1 -> contrast(rgb, ColourTransforms.around(1, CONTRAST, random));
        case 2 -> saturate(rgb, ColourTransforms.around(1, SATURATION, random));
        default -> ColourTransforms.turnHue(rgb, ColourTransforms.around(0, HUE, random));
      }
    }
  }

  static void brighten(float[][] rgb, float delta) {
    for (float[] channel : rgb) {
      ColourTransforms.scale(channel, 1, delta);
    }
  }

  static void contrast(float[][] rgb, float factor) {
    for (float[] channel : rgb) {
      ColourTransforms.scale(
          channel, factor, (float) ((1 - factor) * ColourTransforms.mean(channel)));
    }
  }

  /** Scales HSV's S, at most to 1; V and H stay. */
  static void saturate(float[][] rgb, float factor) {
    float[] high = ColourTransforms.largest(rgb); // V
    float[] scale = scale(high, ColourTransforms.smallest(rgb), factor);
    for (float[] channel : rgb) {
      spread(channel, high, scale);
    }
  }

  /** S = (V - least) / V becomes factor · S or 1, whichever is less: by what it is multiplied. */
  private static float[] scale(float[] high, float[] low, float factor) {
    float[] scale = new float[high.length];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = Math.min(factor, high[i] / Math.max(high[i] - low[i], TINY));
    }
    return scale;
  }

  /** Distances to V scale as S does. */
  private static void spread(float[] channel, float[] high, float[] scale) {
    for (int i = 0; i < channel.length; i++) {
      channel[i] = Math.max(0, high[i] - scale[i] * (high[i] - channel[i]));
    }
  }
}
