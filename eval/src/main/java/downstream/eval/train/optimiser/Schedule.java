package downstream.eval.train.optimiser;

import downstream.eval.Checks;
import java.util.List;

/**
 * Schedule of the learning rate over a training, as multiples of its base: a linear rise, then a
 * {@link Decay}. The rise goes step by step; the decay moves every {@code every} steps.
 *
 * @param warmup share of the steps in which the rate rises, in [0, 1)
 * @param start multiple at which the rise begins, in [0, 1]
 * @param decay how it falls
 * @param every 1, or the steps of an epoch for a rate that changes once an epoch (SimSiam, ORL)
 */
public record Schedule(double warmup, double start, Decay decay, int every) {
  /** Decay of the rate from 1. */
  public sealed interface Decay {
    /** The multiple after {@code done} of {@code all} steps. */
    double at(double done, double all);

    /** Tells whether these steps count from the first step rather than from the end of the rise. */
    default boolean wholeRun() {
      return true;
    }
  }

  /**
   * Half a cosine.
   *
   * @param floor multiple at the end, in [0, 1]
   * @param wholeRun false (MAE, BYOL) starts it where the rise ends; true (ORL, whose rise
   *     multiplies it) with the first step
   */
  public record Cosine(double floor, boolean wholeRun) implements Decay {
    public Cosine {
      Checks.require(floor >= 0 && floor <= 1, "the floor is a multiple in [0, 1], not " + floor);
    }

    @Override
    public double at(double done, double all) {
      return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * done / all));
    }
  }

  /**
   * Drops at milestones.
   *
   * @param milestones shares of the steps, ascending, in (0, 1)
   * @param factor multiplies the rate at each
   */
  public record Drops(List<Double> milestones, double factor) implements Decay {
    public Drops {
      milestones = List.copyOf(milestones);
      Checks.require(factor > 0, "factor must be positive, not " + factor);
      double last = 0;
      for (double milestone : milestones) {
        Checks.require(
            milestone > last && milestone < 1,
            "milestones are ascending shares in (0, 1), not " + milestones);
        last = milestone;
      }
    }

    @Override
    public double at(double done, double all) {
      return Math.pow(factor, milestones.stream().filter(share -> share <= done / all).count());
    }
  }

  /**
   * A power of what is left of the training, from the end of the rise on (mmseg's {@code PolyLR}).
   *
   * @param power 1 is a straight line
   * @param floor multiple at the end, in [0, 1]
   */
  public record Polynomial(double power, double floor) implements Decay {
    public Polynomial {
      Checks.require(power > 0, "the power must be positive, not " + power);
      Checks.require(floor >= 0 && floor <= 1, "the floor is a multiple in [0, 1], not " + floor);
    }

    @Override
    public double at(double done, double all) {
      return floor + (1 - floor) * Math.pow(Math.max(0, 1 - done / all), power);
    }

    @Override
    public boolean wholeRun() {
      return false;
    }
  }

  /** Stays where it is. */
  public record Constant() implements Decay {
    @Override
    public double at(double done, double all) {
      return 1;
    }
  }

  public Schedule {
    Checks.require(
        warmup >= 0 && warmup < 1, "warmup is a share of the steps in [0, 1), not " + warmup);
    Checks.require(
        start >= 0 && start <= 1, "the rise starts at a multiple in [0, 1], not " + start);
    Checks.require(every > 0, "every must be positive, not " + every);
  }

  /** MAE's: up from 0 for a share of the steps, then half a cosine to 0, step by step. */
  public static Schedule cosine(double warmup) {
    return new Schedule(warmup, 0, new Cosine(0, false), 1);
  }

  /**
   * The rate of one step.
   *
   * @param base the optimiser's
   * @param step 0 for the first; a fraction lies between two
   * @param steps of the whole training
   */
  public double rate(double base, double step, int steps) {
    double rising = warmup * steps;
    double from = decay.wholeRun() ? 0 : rising;
    double at = every == 1 ? step : Math.floor(step / every) * every;
    double risen = step < rising ? base * start + base * (1 - start) * step / rising : base;
    return risen * decay.at(Math.max(0, at - from), steps - from);
  }
}
