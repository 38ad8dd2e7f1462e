package downstream.eval.train.optimiser;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A trained array and how the optimiser treats it.
 *
 * @param name unique in its run; the key in checkpoints
 * @param array float32, requires a gradient, lives as long as the run
 * @param decay whether weight decay applies: false for biases, norms and all with at most one
 *     dimension &gt; 1
 * @param rateScale multiplies the learning rate (layer decay)
 * @param scheduled false keeps the rate at its base value (SimSiam's predictor)
 */
public record Weight(
    String name, NDArray array, boolean decay, double rateScale, boolean scheduled) {

  /**
   * The trainable parameters of an initialised block, with gradients switched on; names get {@code
   * prefix} + ".".
   */
  public static List<Weight> of(String prefix, Block block) {
    List<Weight> weights = new ArrayList<>();
    for (var entry : block.getParameters()) {
      if (trained(entry.getValue())) {
        NDArray array = entry.getValue().getArray();
        array.setRequiresGradient(true);
        weights.add(new Weight(prefix + "." + entry.getKey(), array, decays(array), 1, true));
      }
    }
    return weights;
  }

  /**
   * The arrays of an initialised block that training changes without a gradient (batch-norm
   * statistics), by name.
   */
  public static Map<String, NDArray> stateOf(String prefix, Block block) {
    Map<String, NDArray> state = new LinkedHashMap<>();
    for (var entry : block.getParameters()) {
      if (!trained(entry.getValue())) {
        state.put(prefix + "." + entry.getKey(), entry.getValue().getArray());
      }
    }
    return state;
  }

  /** The same weight, decayed whatever it is. */
  public Weight decayed() {
    return new Weight(name, array, true, rateScale, scheduled);
  }

  /** The learning rate of this weight. */
  double rate(double scheduledRate, double baseRate) {
    return (scheduled ? scheduledRate : baseRate) * rateScale;
  }

  private static boolean trained(Parameter parameter) {
    return parameter.requiresGradient()
        && parameter.getType() != Parameter.Type.RUNNING_MEAN
        && parameter.getType() != Parameter.Type.RUNNING_VAR;
  }

  private static boolean decays(NDArray array) {
    int wide = 0;
    for (long size : array.getShape().getShape()) {
      wide += size > 1 ? 1 : 0;
    }
    return wide > 1;
  }
}
