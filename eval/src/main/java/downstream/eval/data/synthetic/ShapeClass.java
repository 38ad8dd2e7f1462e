package downstream.eval.data.synthetic;

import java.util.List;
import java.util.Locale;

/**
 * Class of an object in a scene. Classes differ in shape and in texture; every colour occurs in all
 * of them. Coordinates (u, v) are the object's own: the shape is within the unit circle, v points
 * down.
 */
enum ShapeClass {
  /** A striped sphere. */
  BALL {
    @Override
    boolean covers(double u, double v) {
      return u * u + v * v <= 1;
    }

    @Override
    ObjectColour texture(SceneObject thing, double u, double v) {
      double depth = Math.sqrt(Math.max(0, 1 - u * u - v * v));
      double band = v * 2.2 + 0.6 * depth;
      ObjectColour base = band - StrictMath.floor(band) < 0.5 ? thing.first() : thing.second();
      return base.times(0.45 + 0.75 * depth);
    }
  },

  /** A wooden box with planks and a frame. */
  CRATE {
    @Override
    boolean covers(double u, double v) {
      return Math.abs(u) <= 0.78 && Math.abs(v) <= 0.62;
    }

    @Override
    ObjectColour texture(SceneObject thing, double u, double v) {
      double grain = thing.noise().fractal(u * 2, v * 14, 3);
      boolean frame = Math.abs(u) > 0.62 || Math.abs(v) > 0.48;
      boolean brace = Math.abs(v * 0.62 - u * 0.48) < 0.09;
      ObjectColour wood = thing.first().mix(thing.second(), 0.5 * grain);
      double plank = (v + 0.62) * 4;
      boolean gap = plank - StrictMath.floor(plank) < 0.12;
      return frame || brace ? wood.times(1.15) : wood.times(gap ? 0.35 : 0.7);
    }
  },

  /** A triangle with stripes that run to its top. */
  TENT {
    @Override
    boolean covers(double u, double v) {
      return v >= -0.95 && v <= 0.7 && Math.abs(u) <= (v + 0.95) * 0.42;
    }

    @Override
    ObjectColour texture(SceneObject thing, double u, double v) {
      double stripe = u / (v + 0.96) * 9 + 0.5;
      boolean even = ((long) StrictMath.floor(stripe) & 1) == 0;
      boolean door = v > 0.05 && Math.abs(u) < (v - 0.05) * 0.22;
      ObjectColour cloth = even ? thing.first() : thing.second();
      return door ? cloth.times(0.2) : cloth.times(u < 0 ? 1.05 : 0.75);
    }
  },

  /** A star of five points, each with a lit and a shaded side. */
  STAR {
    @Override
    boolean covers(double u, double v) {
      double r = Math.sqrt(u * u + v * v);
      double t = Math.abs(arm(u, v));
      // From the tip (radius 1, t = 0) to the notch (radius 0.42, t = 0.5) along a straight edge.
      double angle = t * 2 * Math.PI / 5;
      double x = r * StrictMath.cos(angle);
      double y = r * StrictMath.sin(angle);
      double notchX = 0.42 * StrictMath.cos(Math.PI / 5);
      double notchY = 0.42 * StrictMath.sin(Math.PI / 5);
      return (x - 1) * notchY - y * (notchX - 1) <= 0;
    }

    @Override
    ObjectColour texture(SceneObject thing, double u, double v) {
      double r = Math.sqrt(u * u + v * v);
      ObjectColour base = thing.first().mix(thing.second(), r);
      double speck = thing.noise().at(u * 7, v * 7) > 0.7 ? 1.2 : 1;
      return base.times(speck * (arm(u, v) < 0 ? 1.1 : 0.65));
    }

    /** Returns the position of a point in its arm: −0.5 to 0.5 of a fifth of the turn. */
    private double arm(double u, double v) {
      double fifth = StrictMath.atan2(u, -v) / (2 * Math.PI / 5);
      return fifth - StrictMath.rint(fifth);
    }
  },

  /** A pointed leaf with veins. */
  LEAF {
    @Override
    boolean covers(double u, double v) {
      return Math.abs(u) <= 1 && Math.abs(v) <= 0.46 * (1 - u * u) * (1 + 0.35 * u);
    }

    @Override
    ObjectColour texture(SceneObject thing, double u, double v) {
      double vein = (u - 0.9 * Math.abs(v)) * 4.5;
      boolean onVein = Math.abs(v) < 0.035 || vein - StrictMath.floor(vein) < 0.14;
      double mottle = thing.noise().fractal(u * 4, v * 4, 2);
      ObjectColour base = thing.first().mix(thing.second(), 0.35 * mottle);
      return onVein ? base.mix(thing.second(), 0.7).times(1.1) : base.times(0.6 + 0.4 * mottle);
    }
  },

  /** A toothed wheel of brushed metal with a hub. */
  GEAR {
    @Override
    boolean covers(double u, double v) {
      double tooth = StrictMath.atan2(v, u) * 9 / (2 * Math.PI);
      double reach = tooth - StrictMath.floor(tooth) < 0.5 ? 1 : 0.76;
      return u * u + v * v <= reach * reach;
    }

    @Override
    ObjectColour texture(SceneObject thing, double u, double v) {
      double r = Math.sqrt(u * u + v * v);
      double sheen = 0.5 + 0.5 * StrictMath.sin(2 * StrictMath.atan2(v, u) + 1);
      boolean groove = r * 6 - StrictMath.floor(r * 6) < 0.3;
      ObjectColour metal = thing.first().mix(thing.second(), sheen);
      boolean hub = r < 0.2;
      return hub ? metal.times(0.15) : metal.times((groove ? 0.6 : 0.95) * (0.7 + 0.4 * sheen));
    }
  };

  /** Tells whether a point belongs to the shape. */
  abstract boolean covers(double u, double v);

  /** The colour of a point of the shape under even light. */
  abstract ObjectColour texture(SceneObject thing, double u, double v);

  /** The name of the class. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The id of the category and the value in the class mask; 0 is background. */
  int value() {
    return all().indexOf(this) + 1;
  }

  static List<ShapeClass> all() {
    return List.of(values());
  }

  static List<String> labels() {
    return all().stream().map(ShapeClass::label).toList();
  }
}
