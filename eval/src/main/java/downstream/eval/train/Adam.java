package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * AdamW (Loshchilov and Hutter, 2019): Adam with bias correction and decoupled weight decay, ε =
 * 1e-8.
 */
final class Adam {
  private static final double EPSILON = 1e-8;
  private static final float NO_CLIPPING = -1;
  private static final boolean DECOUPLED_DECAY = true;

  private final Plan plan;
  private final List<Weight> weights;
  private final Map<String, NDArray> moments = new LinkedHashMap<>();

  /**
   * @param manager owns the moments
   */
  Adam(Plan plan, List<Weight> weights, NDManager manager) {
    this.plan = plan;
    this.weights = weights;
    for (Weight weight : weights) {
      moments.put("first." + weight.name(), zeros(weight, manager));
      moments.put("second." + weight.name(), zeros(weight, manager));
    }
  }

  private static NDArray zeros(Weight weight, NDManager manager) {
    return manager.zeros(weight.array().getShape(), weight.array().getDataType());
  }

  /** First and second moments by name: what a checkpoint keeps. */
  Map<String, NDArray> moments() {
    return moments;
  }

  /**
   * One update, outside autograd.
   *
   * @param step 0 for the first
   * @param gradients in the order of the weights
   * @param gradientScale multiplies every gradient (clipping)
   * @param scheduledRate the learning rate of this step
   */
  void update(int step, List<NDArray> gradients, double gradientScale, double scheduledRate) {
    double correction1 = 1 - Math.pow(plan.beta1(), step + 1);
    double correction2 = Math.sqrt(1 - Math.pow(plan.beta2(), step + 1));
    for (int i = 0; i < weights.size(); i++) {
      Weight weight = weights.get(i);
      double rate = (weight.scheduled() ? scheduledRate : plan.learningRate()) * weight.rateScale();
      NDArray first = Objects.requireNonNull(moments.get("first." + weight.name()));
      NDArray second = Objects.requireNonNull(moments.get("second." + weight.name()));
      JniUtils.adamUpdate(
          (PtNDArray) weight.array(),
          (PtNDArray) gradients.get(i),
          (PtNDArray) first,
          (PtNDArray) second,
          (float) rate,
          (float) (rate * correction2 / correction1),
          (float) (weight.decay() ? plan.weightDecay() : 0),
          (float) gradientScale,
          NO_CLIPPING,
          (float) plan.beta1(),
          (float) plan.beta2(),
          (float) (EPSILON * correction2),
          DECOUPLED_DECAY);
    }
  }
}
