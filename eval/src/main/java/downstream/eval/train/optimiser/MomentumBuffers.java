package downstream.eval.train.optimiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One array a weight, zero at first, of the weight's shape: momentum. */
final class MomentumBuffers {
  private final Map<String, NDArray> arrays = new LinkedHashMap<>();

  MomentumBuffers(List<Weight> weights, NDManager manager) {
    for (Weight weight : weights) {
      arrays.put(
          key(weight), manager.zeros(weight.array().getShape(), weight.array().getDataType()));
    }
  }

  private static String key(Weight weight) {
    return "velocity." + weight.name();
  }

  Map<String, NDArray> arrays() {
    return arrays;
  }

  NDArray of(Weight weight) {
    return Objects.requireNonNull(arrays.get(key(weight)));
  }

  /** {@code target += factor · x}, in place, outside autograd. */
  static void add(NDArray target, double factor, NDArray x) {
    try (NDArray scaled = x.mul(factor)) {
      target.addi(scaled);
    }
  }
}
