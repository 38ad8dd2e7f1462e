package downstream.eval.data.synthetic;

/** A colour of light; 0 to 1 is what an image can show. */
record ObjectColour(double red, double green, double blue) {
  static final ObjectColour BLACK = new ObjectColour(0, 0, 0);
  static final ObjectColour WHITE = new ObjectColour(1, 1, 1);

  /** Colour of hue, saturation and value, each in [0, 1]. */
  static ObjectColour hsv(double hue, double saturation, double value) {
    return new ObjectColour(
        channel(hue + 1.0 / 3, saturation, value),
        channel(hue, saturation, value),
        channel(hue + 2.0 / 3, saturation, value));
  }

  private static double channel(double hue, double saturation, double value) {
    double turn = Math.abs(6 * (hue - StrictMath.floor(hue)) - 3) - 1;
    double pure = 1 - Math.min(1, Math.max(0, turn));
    return value * (1 - saturation + saturation * pure);
  }

  /** Returns the mix of this colour (share 0) and the other (share 1). */
  ObjectColour mix(ObjectColour other, double share) {
    double s = Math.min(1, Math.max(0, share));
    return new ObjectColour(
        red + s * (other.red - red),
        green + s * (other.green - green),
        blue + s * (other.blue - blue));
  }

  ObjectColour times(double factor) {
    return new ObjectColour(red * factor, green * factor, blue * factor);
  }

  ObjectColour plus(ObjectColour other) {
    return new ObjectColour(red + other.red, green + other.green, blue + other.blue);
  }
}
