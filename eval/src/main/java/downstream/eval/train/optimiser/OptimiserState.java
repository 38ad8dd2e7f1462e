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
  static OptimiserState of(
      Optimiser optimiser, Clipping clipping, List<Weight> weights, NDManager manager) {
    return new ListUpdate(optimiser, clipping, weights, manager);
  }

  /** Returns the state that is kept from step to step, by name: part of a checkpoint. */
  Map<String, NDArray> kept();

  /**
   * One update, outside autograd. It does not wait for the device.
   *
   * @param step 0 for the first
   * @param gradients in the order of the weights; zero afterwards
   * @param scheduledRate the learning rate of this step
   * @param weightDecay the weight decay of this step, where there is one
   * @param scope owns the result
   * @return [1 + weights] norms before clipping: of all gradients together, then of each
   */
  NDArray apply(
      int step, List<NDArray> gradients, double scheduledRate, double weightDecay, NDManager scope);
}
