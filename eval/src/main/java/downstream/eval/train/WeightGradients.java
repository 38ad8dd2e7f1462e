package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import downstream.eval.train.optimiser.Weight;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradients of all weights. The engine makes a weight's gradient in the first backward pass that
 * reaches it and adds to the same array from then on, so each is fetched once.
 */
final class WeightGradients {
  private final List<Weight> weights;
  private final NDManager manager;
  private final List<NDArray> gradients = new ArrayList<>();
  private final List<Integer> unreached = new ArrayList<>();

  /**
   * @param manager owns the handles of the gradients
   */
  WeightGradients(List<Weight> weights, NDManager manager) {
    this.weights = weights;
    this.manager = manager;
  }

  /** Returns the gradients in the order of the weights; zeros where no pass has come by. */
  List<NDArray> get() {
    if (gradients.isEmpty()) {
      for (Weight weight : weights) {
        unreached.add(gradients.size());
        gradients.add(manager.zeros(weight.array().getShape(), weight.array().getDataType()));
      }
    }
    unreached.removeIf(this::reached);
    return gradients;
  }

  private boolean reached(int index) {
    PtNDArray gradient = JniUtils.getGradient((PtNDArray) weights.get(index).array());
    if (gradient == null) {
      return false;
    }
    gradient.attach(manager);
    gradients.set(index, gradient).close();
    return true;
  }
}
