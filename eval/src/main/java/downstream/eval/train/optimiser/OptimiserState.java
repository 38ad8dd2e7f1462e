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
    return new ListUpdate(optimiser, rule(optimiser), weights, manager);
  }

  private static UpdateRule rule(Optimiser optimiser) {
    if (optimiser instanceof Optimiser.AdamW adam) {
      return new AdamWRule(adam);
    }
    if (optimiser instanceof Optimiser.Sgd sgd) {
      return new SgdRule(sgd);
    }
    if (optimiser instanceof Optimiser.Lars lars) {
      return new LarsRule(lars);
    }
    throw new IllegalArgumentException("no update for " + optimiser);
  }

  /** Returns the state that is kept from step to step, by name: part of a checkpoint. */
  Map<String, NDArray> kept();

  /**
   * One update, outside autograd. It does not wait for the device.
   *
   * @param step 0 for the first
   * @param gradients in the order of the weights; zero afterwards
   * @param clip norm that all gradients together are scaled down to if theirs is larger; 0 switches
   *     this off
   * @param scheduledRate the learning rate of this step
   * @param scope owns the result
   * @return [1 + weights] norms before clipping: of all gradients together, then of each
   */
  NDArray apply(
      int step, List<NDArray> gradients, double clip, double scheduledRate, NDManager scope);
}
