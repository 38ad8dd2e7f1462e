package downstream.eval.data.synthetic;

/**
 * One object in a scene.
 *
 * @param x centre, in pixels
 * @param y centre, in pixels
 * @param radius of the circle it fits in, in pixels
 * @param cosine of its turn
 * @param sine of its turn
 * @param squeeze its height is this share of what the kind says
 */
record SceneObject(
    ShapeClass kind,
    double x,
    double y,
    double radius,
    double cosine,
    double sine,
    double squeeze,
    ObjectColour first,
    ObjectColour second,
    Noise noise) {

  /** A random thing of a scene of this size: 1/16 to 1/2 of it wide, its centre inside. */
  static SceneObject random(SplitMix64 dice, int size) {
    ShapeClass kind = ShapeClass.all().get(dice.below(ShapeClass.all().size()));
    double radius = dice.scale(Math.max(3.5, size / 32.0), size / 4.0);
    double turn = dice.between(-1, 1) * (kind == ShapeClass.TENT ? 0.35 : Math.PI);
    return new SceneObject(
        kind,
        dice.between(0, size),
        dice.between(0, size),
        radius,
        StrictMath.cos(turn),
        StrictMath.sin(turn),
        dice.between(0.75, 1),
        dice.colour(),
        dice.colour(),
        new Noise(dice.nextLong()));
  }

  /** Tells whether a point of the image belongs to the object. */
  boolean covers(double px, double py) {
    double dx = px - x;
    double dy = py - y;
    return dx * dx + dy * dy <= radius * radius && kind.covers(u(dx, dy), v(dx, dy));
  }

  /** Returns the object's colour at a point of the image that it covers. */
  ObjectColour colour(double px, double py) {
    double dx = px - x;
    double dy = py - y;
    return kind.texture(this, u(dx, dy), v(dx, dy));
  }

  private double u(double dx, double dy) {
    return (dx * cosine + dy * sine) / radius;
  }

  private double v(double dx, double dy) {
    return (dy * cosine - dx * sine) / (radius * squeeze);
  }
}
