package downstream.pretrain.model.targets;

import ai.djl.ndarray.NDArray;
import downstream.eval.train.Step;
import downstream.pretrain.model.targets.MovingAverage.Momentum;
import java.util.Map;

/**
 * A target network as a moving average of the online one (Grill et al. 2020, section 3.1). It
 * starts as a copy; weights are averaged, batch-norm statistics are the target's own.
 */
public final class TargetNetwork {
  private final ProjectedEncoder online;
  private final ProjectedEncoder target;
  private final MovingAverage average;

  /**
   * @param base τ of the first step; it rises to 1 along a cosine
   */
  public TargetNetwork(double base, ProjectedEncoder online, ProjectedEncoder target) {
    this(Momentum.rising(base), online, target);
  }

  /** A target network with another τ. */
  public TargetNetwork(Momentum momentum, ProjectedEncoder online, ProjectedEncoder target) {
    this.online = online;
    this.target = target;
    average = new MovingAverage(momentum, online.weights(""), target.weights("target."));
  }

  /** z' [N, d] of views, a constant. */
  public NDArray project(NDArray views, Step step) {
    return target.project(step.store(), views).stopGradient();
  }

  /** The network itself. */
  public ProjectedEncoder network() {
    return target;
  }

  /** Target = τ·target + (1 - τ)·online, at the end of a step. */
  public void update(Step step) {
    average.update(step);
  }

  /** The target's weights and both networks' statistics, for a checkpoint. */
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = average.state();
    state.putAll(online.state(""));
    state.putAll(target.state("target."));
    return state;
  }
}
