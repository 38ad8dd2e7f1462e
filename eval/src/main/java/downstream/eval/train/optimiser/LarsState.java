package downstream.eval.train.optimiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/** State of {@link Optimiser.Lars}. */
final class LarsState implements OptimiserState {
  private final Optimiser.Lars lars;
  private final List<Weight> weights;
  private final MomentumBuffers velocities;

  LarsState(Optimiser.Lars lars, List<Weight> weights, NDManager manager) {
    this.lars = lars;
    this.weights = weights;
    velocities = new MomentumBuffers(weights, manager);
  }

  @Override
  public Map<String, NDArray> kept() {
    return velocities.arrays();
  }

  @Override
  public void apply(int step, List<NDArray> gradients, double gradientScale, double scheduledRate) {
    for (int i = 0; i < weights.size(); i++) {
      Weight weight = weights.get(i);
      double rate = weight.rate(scheduledRate, lars.learningRate());
      NDArray gradient = gradients.get(i).muli(gradientScale);
      NDArray velocity = velocities.of(weight).muli(lars.momentum());
      if (lars.form() == Optimiser.LarsForm.BYOL) {
        velocity.addi(weight.decay() ? scaledByol(gradient, weight.array()) : gradient);
        MomentumBuffers.add(weight.array(), -rate, velocity);
      } else {
        NDArray scaled = weight.decay() ? scaledOrl(gradient, weight.array()) : gradient;
        velocity.addi(scaled.muli(rate));
        weight.array().subi(velocity);
      }
    }
  }

  private NDArray scaledByol(NDArray gradient, NDArray weight) {
    MomentumBuffers.add(gradient, lars.weightDecay(), weight);
    double weightNorm = norm(weight);
    double gradientNorm = norm(gradient);
    return weightNorm > 0 && gradientNorm > 0
        ? gradient.muli(lars.trust() * weightNorm / gradientNorm)
        : gradient;
  }

  private NDArray scaledOrl(NDArray gradient, NDArray weight) {
    double weightNorm = norm(weight);
    double below = norm(gradient) + lars.weightDecay() * weightNorm;
    MomentumBuffers.add(gradient, lars.weightDecay(), weight);
    // Weight and gradient both zero would be 0/0; their sum is zero anyway.
    return below > 0 ? gradient.muli(lars.trust() * weightNorm / below) : gradient;
  }

  private static double norm(NDArray array) {
    try (NDArray norm = array.norm()) {
      return norm.getFloat();
    }
  }
}
