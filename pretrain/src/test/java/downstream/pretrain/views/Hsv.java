package downstream.pretrain.views;

/** HSV by its definition, slowly: the reference that fast colour changes are held against. */
final class Hsv {
  private Hsv() {}

  /** H, S and V of R, G and B, all in [0, 1]. */
  static double[] of(double[] rgb) {
    double value = Math.max(rgb[0], Math.max(rgb[1], rgb[2]));
    double chroma = value - Math.min(rgb[0], Math.min(rgb[1], rgb[2]));
    double hue;
    if (chroma == 0) {
      hue = 0;
    } else if (value == rgb[0]) {
      hue = ((rgb[1] - rgb[2]) / chroma + 6) % 6;
    } else if (value == rgb[1]) {
      hue = (rgb[2] - rgb[0]) / chroma + 2;
    } else {
      hue = (rgb[0] - rgb[1]) / chroma + 4;
    }
    return new double[] {hue / 6, value == 0 ? 0 : chroma / value, value};
  }

  /** The way back, sector by sector. */
  static double[] toRgb(double[] hsv) {
    double value = hsv[2];
    double chroma = value * hsv[1];
    double low = value - chroma;
    double sixths = hsv[0] * 6 % 6;
    double middle = low + chroma * (1 - Math.abs(sixths % 2 - 1));
    return switch ((int) sixths) {
      case 0 -> new double[] {value, middle, low};
      case 1 -> new double[] {middle, value, low};
      case 2 -> new double[] {low, value, middle};
      case 3 -> new double[] {low, middle, value};
      case 4 -> new double[] {middle, low, value};
      default -> new double[] {value, low, middle};
    };
  }
}
