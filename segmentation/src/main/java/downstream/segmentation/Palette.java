package downstream.segmentation;

import downstream.eval.data.LabelMap;
import java.awt.Color;
import java.awt.image.IndexColorModel;

/** A colour for every class value: neighbouring values lie far apart on the colour circle. */
final class Palette {
  private static final float GOLDEN_ANGLE = 0.381966f;

  private Palette() {}

  /** 0xRRGGBB of a class; 255 is white. */
  static int colour(int value) {
    if (value == LabelMap.IGNORE) {
      return 0xffffff;
    }
    float hue = 0.6f + value * GOLDEN_ANGLE;
    float saturation = value / 8 % 2 == 0 ? 0.75f : 0.45f;
    float brightness = value % 2 == 0 ? 0.95f : 0.65f;
    return Color.HSBtoRGB(hue, saturation, brightness) & 0xffffff;
  }

  /** All 256 of them, for an indexed picture. */
  static IndexColorModel model() {
    byte[] red = new byte[256];
    byte[] green = new byte[256];
    byte[] blue = new byte[256];
    for (int value = 0; value < 256; value++) {
      int colour = colour(value);
      red[value] = (byte) (colour >> 16);
      green[value] = (byte) (colour >> 8);
      blue[value] = (byte) colour;
    }
    return new IndexColorModel(8, 256, red, green, blue);
  }
}
