package downstream.pretrain.model.targets;

import ai.djl.ndarray.NDArray;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.ScalarSchedule;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.settings.SettingsChecks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Moving averages of trained arrays: the weights of a target network, or of anything else. */
public final class MovingAverage {
  private final Momentum momentum;
  private final List<Weight> averaged;
  private final List<Weight> averages;

  /**
   * τ, the fraction that an average keeps of itself, from step to step.
   *
   * @param base τ of the first step
   * @param rises whether it rises to 1 along a cosine, or stays
   * @param beforeStep whether a step begins with the average (MoCo, MoCo v3, DenseCL, SlotCon) or
   *     ends with it, after the optimiser's update (BYOL, DINO). The averages of the first kind are
   *     made here at the end of the step before, with the τ of the next step: the very first one,
   *     of equal networks, changes nothing
   */
  public record Momentum(double base, boolean rises, boolean beforeStep) {
    public Momentum {
      SettingsChecks.momentum("targetMomentum", base);
    }

    /** BYOL's: rising, after the update. */
    public static Momentum rising(double base) {
      return new Momentum(base, true, false);
    }

    /** MoCo's: constant. */
    public static Momentum constant(double base) {
      return new Momentum(base, false, true);
    }

    /** MoCo v3's: rising, before the forward pass. */
    public static Momentum risingBeforeStep(double base) {
      return new Momentum(base, true, true);
    }

    /** τ of the average that is made at the end of a step. */
    public double after(int step, int steps) {
      return rises ? risen(base, beforeStep ? step + 1 : step, steps) : base;
    }

    /** τ of step k of K: 1 - (1 - base)·(cos(πk/K) + 1)/2, from base to 1. */
    public static double risen(double base, int step, int steps) {
      return ScalarSchedule.cosine(base, 1).at(step, steps);
    }
  }

  /**
   * Makes the averages equal to what they average.
   *
   * @param averaged trained arrays
   * @param averages arrays of the same shapes in the same order; they get no gradients
   */
  public MovingAverage(Momentum momentum, List<Weight> averaged, List<Weight> averages) {
    if (averaged.size() != averages.size()) {
      throw new IllegalArgumentException(
          averages.size() + " averages of " + averaged.size() + " arrays");
    }
    this.momentum = momentum;
    this.averaged = List.copyOf(averaged);
    this.averages = List.copyOf(averages);
    for (int i = 0; i < averages.size(); i++) {
      averages.get(i).array().setRequiresGradient(false);
      averaged.get(i).array().copyTo(averages.get(i).array());
    }
  }

  /** Average = τ·average + (1 - τ)·trained, at the end of a step. */
  public void update(Step step) {
    double tau = momentum.after(step.index(), step.steps());
    for (int i = 0; i < averages.size(); i++) {
      try (NDArray share = averaged.get(i).array().mul(1 - tau)) {
        averages.get(i).array().muli(tau).addi(share);
      }
    }
  }

  /** The averages by name, for a checkpoint. */
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>();
    averages.forEach(weight -> state.put(weight.name(), weight.array()));
    return state;
  }
}
