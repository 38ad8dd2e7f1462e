package downstream.pretrain.views;

import java.util.random.RandomGenerator;

/**
 * Colour jitter as BYOL's code has it ({@code byol/utils/augmentations.py}), in place on RGB planes
 * [3, pixels] in [0, 1]: brightness adds, contrast scales about the mean of each channel,
 * saturation scales S and hue turns H of HSV; once each in random order, clipped after each.
 */
final class ByolJitter {
  private static final double BRIGHTNESS = .4;
  private static final double CONTRAST = .4;
  private static final double SATURATION = .2;
  private static final double HUE = .1;

  private ByolJitter() {}

  static void apply(float[] planes, RandomGenerator random) {
    for (int operation : Colour.order(random)) {
      switch (operation) {
        case 0 -> brighten(planes, Colour.around(0, BRIGHTNESS, random));
        case 1 -> contrast(planes, Colour.around(1, CONTRAST, random));
        case 2 -> saturate(planes, Colour.around(1, SATURATION, random));
        default -> Colour.turnHue(planes, Colour.around(0, HUE, random));
      }
    }
  }

  static void brighten(float[] planes, float delta) {
    for (int i = 0; i < planes.length; i++) {
      planes[i] = Math.max(0, Math.min(1, planes[i] + delta));
    }
  }

  static void contrast(float[] planes, float factor) {
    int area = planes.length / 3;
    for (int channel = 0; channel < 3; channel++) {
      int from = channel * area;
      float mean = (float) Colour.mean(planes, from, area);
      for (int i = from; i < from + area; i++) {
        planes[i] = Math.max(0, Math.min(1, mean + factor * (planes[i] - mean)));
      }
    }
  }

  /** Scales HSV's S, at most to 1; V and H stay. */
  static void saturate(float[] planes, float factor) {
    int area = planes.length / 3;
    for (int i = 0; i < area; i++) {
      float r = planes[i];
      float g = planes[i + area];
      float b = planes[i + 2 * area];
      float value = Math.max(r, Math.max(g, b));
      float chroma = value - Math.min(r, Math.min(g, b));
      // S = chroma / V; every channel is V - (distance to V), and the distances scale with S
      float scale = factor * chroma > value ? value / chroma : factor;
      planes[i] = Math.max(0, value - scale * (value - r));
      planes[i + area] = Math.max(0, value - scale * (value - g));
      planes[i + 2 * area] = Math.max(0, value - scale * (value - b));
    }
  }
}
