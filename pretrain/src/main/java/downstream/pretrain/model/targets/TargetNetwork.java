package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A target network as a moving average of the online one (Grill et al. 2020, section 3.1). It
 * starts as a copy; weights are averaged, batch-norm statistics are the target's own.
 */
public final class TargetNetwork {
  private final double base;
  private final ProjectedEncoder online;
  private final ProjectedEncoder target;
  private final List<Weight> averaged;
  private final List<Weight> averages;

  /**
   * @param base τ of the first step; it rises to 1 along a cosine
   */
  public TargetNetwork(double base, ProjectedEncoder online, ProjectedEncoder target) {
    this.base = base;
    this.online = online;
    this.target = target;
    averaged = online.weights("");
    averages = target.weights("target.");
    for (int i = 0; i < averages.size(); i++) {
      averages.get(i).array().setRequiresGradient(false);
      averaged.get(i).array().copyTo(averages.get(i).array());
    }
  }

  /** τ of step k of K: 1 - (1 - base)·(cos(πk/K) + 1)/2, from base to 1. */
  public static double momentum(double base, int step, int steps) {
    return 1 - (1 - base) * (Math.cos(Math.PI * step / steps) + 1) / 2;
  }

  /** z' [N, d] of views, a constant. */
  public NDArray project(NDArray views, Step step) {
    return target.project(step.store(), views).stopGradient();
  }

  /** Target = τ·target + (1 - τ)·online, after an update. */
  public void update(Step step) {
    double tau = momentum(base, step.index(), step.steps());
    for (int i = 0; i < averages.size(); i++) {
      try (NDArray share = averaged.get(i).array().mul(1 - tau)) {
        averages.get(i).array().muli(tau).addi(share);
      }
    }
  }

  /** The target's weights and both networks' statistics, for a checkpoint. */
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>();
    averages.forEach(weight -> state.put(weight.name(), weight.array()));
    state.putAll(online.state(""));
    state.putAll(target.state("target."));
    return state;
  }
}
