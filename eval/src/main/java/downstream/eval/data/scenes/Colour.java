package downstream.eval.data.scenes;

/** A colour of light; 0 to 1 is what a picture can show. */
record Colour(double red, double green, double blue) {
  static final Colour BLACK = new Colour(0, 0, 0);
  static final Colour WHITE = new Colour(1, 1, 1);

  /** From hue, saturation and value, each in [0, 1]. */
  static Colour hsv(double hue, double saturation, double value) {
    return new Colour(
        channel(hue + 1.0 / 3, saturation, value),
        channel(hue, saturation, value),
        channel(hue + 2.0 / 3, saturation, value));
  }

  private static double channel(double hue, double saturation, double value) {
    double turn = Math.abs(6 * (hue - StrictMath.floor(hue)) - 3) - 1;
    double pure = 1 - Math.min(1, Math.max(0, turn));
    return value * (1 - saturation + saturation * pure);
  }

  /** This colour at a share of 0, the other at 1. */
  Colour mix(Colour other, double share) {
    double s = Math.min(1, Math.max(0, share));
    return new Colour(
        red + s * (other.red - red),
        green + s * (other.green - green),
        blue + s * (other.blue - blue));
  }

  Colour times(double factor) {
    return new Colour(red * factor, green * factor, blue * factor);
  }

  Colour plus(Colour other) {
    return new Colour(red + other.red, green + other.green, blue + other.blue);
  }
}
