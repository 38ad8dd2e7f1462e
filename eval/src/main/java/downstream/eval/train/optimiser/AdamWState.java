package downstream.eval.train.optimiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** State of {@link Optimiser.AdamW}: one native call a weight. */
final class AdamWState implements OptimiserState {
  private static final double EPSILON = 1e-8;
  private static final float NO_CLIPPING = -1;
  private static final boolean DECOUPLED_DECAY = true;

  private final Optimiser.AdamW adam;
  private final List<Weight> weights;
  private final Map<String, NDArray> moments = new LinkedHashMap<>();

  /**
   * @param manager owns the moments
   */
  AdamWState(Optimiser.AdamW adam, List<Weight> weights, NDManager manager) {
    this.adam = adam;
    this.weights = weights;
    for (Weight weight : weights) {
      moments.put("first." + weight.name(), zeros(weight, manager));
      moments.put("second." + weight.name(), zeros(weight, manager));
    }
  }

  private static NDArray zeros(Weight weight, NDManager manager) {
    return manager.zeros(weight.array().getShape(), weight.array().getDataType());
  }

  @Override
  public Map<String, NDArray> kept() {
    return moments;
  }

  @Override
  public void apply(int step, List<NDArray> gradients, double gradientScale, double scheduledRate) {
    double correction1 = 1 - Math.pow(adam.beta1(), step + 1);
    double correction2 = Math.sqrt(1 - Math.pow(adam.beta2(), step + 1));
    for (int i = 0; i < weights.size(); i++) {
      Weight weight = weights.get(i);
      double rate = weight.rate(scheduledRate, adam.learningRate());
      NDArray first = Objects.requireNonNull(moments.get("first." + weight.name()));
      NDArray second = Objects.requireNonNull(moments.get("second." + weight.name()));
      JniUtils.adamUpdate(
          (PtNDArray) weight.array(),
          (PtNDArray) gradients.get(i),
          (PtNDArray) first,
          (PtNDArray) second,
          (float) rate,
          (float) (rate * correction2 / correction1),
          (float) (weight.decay() ? adam.weightDecay() : 0),
          (float) gradientScale,
          NO_CLIPPING,
          (float) adam.beta1(),
          (float) adam.beta2(),
          (float) (EPSILON * correction2),
          DECOUPLED_DECAY);
    }
  }
}
