package downstream.pretrain.views;

import java.util.random.RandomGenerator;

/**
 * Colour jitter as the codes of SimCLR and BYOL have it ({@code byol/utils/augmentations.py}), in
 * place on RGB planes {red, green, blue} in [0, 1]: brightness adds or multiplies, contrast scales
 * about the mean of each channel, saturation scales S and hue turns H of HSV; once each in random
 * order, clipped after each.
 *
 * @param brightness added within ± this, or factor within 1 ± this
 * @param contrast factor within 1 ± this
 * @param saturation factor within 1 ± this
 * @param hue turns within ± this
 * @param multiplies whether brightness multiplies (SimCLR v2) instead of adding (SimCLR v1, BYOL)
 */
record ByolJitter(
    double brightness, double contrast, double saturation, double hue, boolean multiplies) {
  /** BYOL's. */
  static final ByolJitter BYOL = new ByolJitter(.4, .4, .2, .1, false);

  private static final float TINY = 1e-20f;

  /** SimCLR's of a strength: 1 for ImageNet. */
  static ByolJitter simClr(double strength, boolean multiplies) {
    return new ByolJitter(.8 * strength, .8 * strength, .8 * strength, .2 * strength, multiplies);
  }

  void apply(float[][] rgb, RandomGenerator random) {
    for (int operation : ColourTransforms.order(random)) {
      switch (operation) {
        case 0 -> brighten(rgb, random);
        case 1 -> contrast(rgb, ColourTransforms.around(1, contrast, random));
        case 2 -> saturate(rgb, ColourTransforms.around(1, saturation, random));
        default -> ColourTransforms.turnHue(rgb, ColourTransforms.around(0, hue, random));
      }
    }
  }

  private void brighten(float[][] rgb, RandomGenerator random) {
    if (multiplies) {
      TorchvisionJitter.brighten(rgb, ColourTransforms.around(1, brightness, random));
    } else {
      brighten(rgb, ColourTransforms.around(0, brightness, random));
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
