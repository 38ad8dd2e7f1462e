package downstream.pretrain.views;

import java.util.random.RandomGenerator;

/**
 * Colour jitter as torchvision's {@code ColorJitter} has it, in place on RGB planes [3, pixels] in
 * [0, 1]: brightness multiplies, contrast blends with the mean grey, saturation with the pixel's
 * grey, hue turns H of HSV; once each in random order, clipped after each.
 *
 * @param brightness factor within 1 ± this
 * @param contrast factor within 1 ± this
 * @param saturation factor within 1 ± this
 * @param hue turns within ± this
 */
record TorchvisionJitter(double brightness, double contrast, double saturation, double hue) {
  void apply(float[][] rgb, RandomGenerator random) {
    for (int operation : ColourTransforms.order(random)) {
      switch (operation) {
        case 0 -> brighten(rgb, ColourTransforms.around(1, brightness, random));
        case 1 -> contrast(rgb, ColourTransforms.around(1, contrast, random));
        case 2 -> saturate(rgb, ColourTransforms.around(1, saturation, random));
        default -> ColourTransforms.turnHue(rgb, ColourTransforms.around(0, hue, random));
      }
    }
  }

  static void brighten(float[][] rgb, float factor) {
    for (float[] channel : rgb) {
      ColourTransforms.scale(channel, factor, 0);
    }
  }

  static void contrast(float[][] rgb, float factor) {
    float grey = (1 - factor) * ColourTransforms.meanGrey(rgb);
    for (float[] channel : rgb) {
      ColourTransforms.scale(channel, factor, grey);
    }
  }

  static void saturate(float[][] rgb, float factor) {
    float[] luma = ColourTransforms.luma(rgb);
    for (float[] channel : rgb) {
      blend(channel, factor, luma, 1 - factor);
    }
  }

  private static void blend(float[] channel, float factor, float[] luma, float rest) {
    for (int i = 0; i < channel.length; i++) {
      channel[i] = Math.max(0, Math.min(1, factor * channel[i] + rest * luma[i]));
    }
  }
}
