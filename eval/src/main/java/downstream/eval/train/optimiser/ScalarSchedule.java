package downstream.eval.train.optimiser;

import downstream.eval.Checks;

/**
 * A number that moves along a training from one value to another, and stays there: weight decay,
 * the momentum or the temperature of a teacher, the weight of a term.
 *
 * @param from value of the first step
 * @param share of the steps in which it moves, in [0, 1]
 */
public record ScalarSchedule(double from, double to, double share, Form form) {
  /** The way from one value to the other. */
  public enum Form {
    /** Equal steps; the last of the share has the new value (NumPy's {@code linspace}). */
    LINEAR {
      @Override
      double way(double step, double moving) {
        return moving <= 1 ? 1 : step / (moving - 1);
      }
    },
    /** Half a cosine; the step after the share has the new value (DINO's schedules). */
    COSINE {
      @Override
      double way(double step, double moving) {
        return step >= moving ? 1 : (1 - Math.cos(Math.PI * step / moving)) / 2;
      }
    };

    /** The share of the way after so many steps; 1 or more at its end. */
    abstract double way(double step, double moving);
  }

  public ScalarSchedule {
    Checks.require(share >= 0 && share <= 1, "share must be in [0, 1], not " + share);
  }

  /** A number that does not move. */
  public static ScalarSchedule constant(double value) {
    return new ScalarSchedule(value, value, 0, Form.LINEAR);
  }

  /** Along a line in a share of the steps. */
  public static ScalarSchedule linear(double from, double to, double share) {
    return new ScalarSchedule(from, to, share, Form.LINEAR);
  }

  /** Along half a cosine over all steps. */
  public static ScalarSchedule cosine(double from, double to) {
    return new ScalarSchedule(from, to, 1, Form.COSINE);
  }

  /** The value of a step; 0 is the first. */
  public double at(double step, int steps) {
    return from + (to - from) * Math.min(1, form.way(step, share * steps));
  }
}
