package downstream.eval.data.synthetic;

/**
 * Background of a scene: one of several patterns under fractal noise, with unlabelled pebbles.
 *
 * @param pattern 0 plain, 1 tiles, 2 planks, 3 weave, 4 two grounds that meet
 * @param scale pixels a unit of the pattern
 */
record Background(
    int pattern,
    double scale,
    double cosine,
    double sine,
    double contrast,
    double pebbles,
    ObjectColour first,
    ObjectColour second,
    Noise noise) {

  static Background random(SplitMix64 dice, int size) {
    double turn = dice.between(0, Math.PI);
    ObjectColour first = dice.colour().mix(new ObjectColour(0.5, 0.5, 0.5), dice.between(0.2, 0.8));
    ObjectColour second = dice.colour().mix(first, dice.between(0, 0.5));
    return new Background(
        dice.below(5),
        dice.scale(size / 20.0, size / 5.0),
        StrictMath.cos(turn),
        StrictMath.sin(turn),
        dice.between(0.5, 1),
        dice.between(0, 0.25),
        first,
        second,
        new Noise(dice.nextLong()));
  }

  ObjectColour colour(double px, double py) {
    double x = (px * cosine + py * sine) / scale;
    double y = (py * cosine - px * sine) / scale;
    double rough = noise.fractal(x * 0.8, y * 0.8, 4);
    double share = contrast * pattern(x, y, rough);
    ObjectColour ground = first.mix(second, share).times(0.65 + 0.7 * rough);
    double pebble = noise.at(x * 2.3 + 50, y * 2.3);
    return pebble > 1 - pebbles ? ground.mix(second.times(1.3), 0.6) : ground;
  }

  private double pattern(double x, double y, double rough) {
    double inX = x - StrictMath.floor(x);
    double inY = y - StrictMath.floor(y);
    return switch (pattern) {
      case 1 -> inX < 0.1 || inY < 0.1 ? 1 : 0.4 * noise.at(Math.floor(x), Math.floor(y));
      case 2 -> inY < 0.12 ? 1 : 0.6 * noise.fractal(x * 0.5, y * 7, 2);
      case 3 -> 0.5 + 0.5 * StrictMath.sin(9 * x) * StrictMath.sin(9 * y);
      case 4 -> y + 2 * rough > 3 ? 1 : 0;
      default -> rough;
    };
  }
}
