package downstream.eval.train.optimiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/** State of {@link Optimiser.Sgd}. */
final class SgdState implements OptimiserState {
  private final Optimiser.Sgd sgd;
  private final List<Weight> weights;
  private final MomentumBuffers velocities;

  SgdState(Optimiser.Sgd sgd, List<Weight> weights, NDManager manager) {
    this.sgd = sgd;
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
      NDArray gradient = gradients.get(i).muli(gradientScale);
      if (weight.decay() || sgd.decayAll()) {
        MomentumBuffers.add(gradient, sgd.weightDecay(), weight.array());
      }
      NDArray velocity = velocities.of(weight).muli(sgd.momentum()).addi(gradient);
      double rate = weight.rate(scheduledRate, sgd.learningRate());
      MomentumBuffers.add(weight.array(), -rate, velocity);
    }
  }
}
