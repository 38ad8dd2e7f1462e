package downstream.eval.data.synthetic;

/**
 * Lighting of a scene: brightness that changes across the image, a tint, shadows to one side, and
 * the camera's noise.
 *
 * @param shadowX where shadows fall, in radii of the object
 * @param slopeX change of brightness from left to right
 * @param grain standard deviation of the noise, as a share of white
 */
record Lighting(
    double shadowX,
    double shadowY,
    double shade,
    double level,
    double slopeX,
    double slopeY,
    ObjectColour tint,
    double grain) {

  static Lighting random(SplitMix64 dice) {
    return new Lighting(
        dice.between(-0.25, 0.25),
        dice.between(0.05, 0.25),
        dice.between(0.45, 0.8),
        dice.between(0.75, 1.15),
        dice.between(-0.4, 0.4),
        dice.between(-0.4, 0.4),
        ObjectColour.WHITE.mix(dice.colour(), dice.between(0, 0.25)),
        dice.between(0.01, 0.04));
  }

  /** Returns the colour as it appears at a point; x and y from 0 to 1 across the image. */
  ObjectColour on(ObjectColour colour, double x, double y) {
    double bright = level * (1 + slopeX * (x - 0.5) + slopeY * (y - 0.5));
    return new ObjectColour(
        colour.red() * tint.red() * bright,
        colour.green() * tint.green() * bright,
        colour.blue() * tint.blue() * bright);
  }

  /** A noisy channel as a byte. */
  byte expose(double channel, SplitMix64 dice) {
    // Four uniform numbers are near enough to a normal one; their variance is 4/12.
    double noise = dice.next() + dice.next() + dice.next() + dice.next() - 2;
    double value = channel + grain * noise * 1.7320508;
    return (byte) (int) (255 * Math.min(1, Math.max(0, value)) + 0.5);
  }
}
