package downstream.eval.train.optimiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/** State of an {@link Optimiser} during training: the weights and what it keeps about them. */
public interface OptimiserState {
  /**
   * Starts one, with all it keeps at zero.
   *
   * @param manager owns what it keeps
   */
  static OptimiserState of(Optimiser optimiser, List<Weight> weights, NDManager manager) {
    if (optimiser instanceof Optimiser.AdamW adam) {
      return new AdamWState(adam, weights, manager);
    }
    if (optimiser instanceof Optimiser.Sgd sgd) {
      return new SgdState(sgd, weights, manager);
    }
    if (optimiser instanceof Optimiser.Lars lars) {
      return new LarsState(lars, weights, manager);
    }
    throw new IllegalArgumentException("no update for " + optimiser);
  }

  /** Returns the state that is kept from step to step, by name: part of a checkpoint. */
  Map<String, NDArray> kept();

  /**
   * One update, outside autograd. The gradients may be overwritten.
   *
   * @param step 0 for the first
   * @param gradients in the order of the weights
   * @param gradientScale multiplies every gradient (clipping)
   * @param scheduledRate the learning rate of this step
   */
  void apply(int step, List<NDArray> gradients, double gradientScale, double scheduledRate);
}
