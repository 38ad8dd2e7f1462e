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
  void apply(float[] planes, RandomGenerator random) {
    for (int operation : Colour.order(random)) {
      switch (operation) {
        case 0 -> brighten(planes, Colour.around(1, brightness, random));
        case 1 -> contrast(planes, Colour.around(1, contrast, random));
        case 2 -> saturate(planes, Colour.around(1, saturation, random));
        default -> Colour.turnHue(planes, Colour.around(0, hue, random));
      }
    }
  }

  static void brighten(float[] planes, float factor) {
    for (int i = 0; i < planes.length; i++) {
      planes[i] = Math.min(1, factor * planes[i]);
    }
  }

  static void contrast(float[] planes, float factor) {
    float grey = (1 - factor) * Colour.meanGrey(planes);
    for (int i = 0; i < planes.length; i++) {
      planes[i] = Math.max(0, Math.min(1, factor * planes[i] + grey));
    }
  }

  static void saturate(float[] planes, float factor) {
    int area = planes.length / 3;
    for (int i = 0; i < area; i++) {
      float r = planes[i];
      float g = planes[i + area];
      float b = planes[i + 2 * area];
      float grey = (1 - factor) * Colour.luma(r, g, b);
      planes[i] = Math.max(0, Math.min(1, factor * r + grey));
      planes[i + area] = Math.max(0, Math.min(1, factor * g + grey));
      planes[i + 2 * area] = Math.max(0, Math.min(1, factor * b + grey));
    }
  }
}
