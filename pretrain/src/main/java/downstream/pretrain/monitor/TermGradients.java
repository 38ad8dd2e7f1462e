package downstream.pretrain.monitor;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import downstream.eval.torch.DeviceReads;
import downstream.eval.train.Gradients;
import downstream.eval.train.Objective;
import downstream.eval.train.optimiser.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Gradients of the terms of a loss at some weights: how strongly each pulls (its norm), and whether
 * two of them pull the same way (their cosine).
 */
public final class TermGradients {
  private TermGradients() {}

  /**
   * Measures the terms, for {@link Objective#observe}; state and gradients are as before.
   *
   * @param watched some of the objective's weights
   * @param terms computes scalars by name
   * @param manager of the step
   * @return {@code gradient.TERM}, and {@code cosine.TERM.OTHER} of each two, 0 if one is zero
   */
  public static Map<String, Double> observe(
      Objective<?> objective,
      List<Weight> watched,
      Supplier<Map<String, NDArray>> terms,
      NDManager manager) {
    try (NDManager scope = manager.newSubManager()) {
      Map<String, NDArray> state = new TreeMap<>(objective.state());
      Map<String, NDArray> before = new TreeMap<>();
      state.forEach((name, array) -> before.put(name, owned(array.duplicate(), scope)));
      Map<String, NDArray> gradients = gradients(objective.weights(), watched, terms, scope);
      before.forEach((name, copy) -> copy.copyTo(Objects.requireNonNull(state.get(name))));
      return observed(gradients);
    }
  }

  private static NDArray owned(NDArray array, NDManager scope) {
    array.attach(scope);
    return array;
  }

  /** The gradient of each term at all watched weights, one after the other: [values]. */
  private static Map<String, NDArray> gradients(
      List<Weight> all,
      List<Weight> watched,
      Supplier<Map<String, NDArray>> terms,
      NDManager scope) {
    Map<String, NDArray> gradients = new LinkedHashMap<>();
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      for (Map.Entry<String, NDArray> term : terms.get().entrySet()) {
        PtNDArray value = (PtNDArray) term.getValue();
        JniUtils.backward(value, (PtNDArray) value.onesLike(), true, false); // keeps the graph
        gradients.put(term.getKey(), Gradients.without(() -> flat(watched, scope)));
        Gradients.doWithout(() -> all.forEach(weight -> clear(weight, scope)));
      }
    }
    return gradients;
  }

  private static NDArray flat(List<Weight> weights, NDManager scope) {
    List<NDArray> parts = new ArrayList<>();
    for (Weight weight : weights) {
      NDArray part =
          gradient(weight, scope)
              .orElseGet(() -> scope.zeros(weight.array().getShape())); // not reached
      parts.add(part.flatten());
    }
    NDArray flat = NDArrays.concat(new NDList(parts));
    flat.attach(scope);
    return flat;
  }

  private static void clear(Weight weight, NDManager scope) {
    gradient(weight, scope).ifPresent(gradient -> gradient.subi(gradient));
  }

  private static Optional<NDArray> gradient(Weight weight, NDManager scope) {
    PtNDArray gradient = JniUtils.getGradient((PtNDArray) weight.array());
    if (gradient == null) {
      return Optional.empty();
    }
    gradient.attach(scope);
    return Optional.of(gradient);
  }

  private static Map<String, Double> observed(Map<String, NDArray> gradients) {
    List<String> names = List.copyOf(gradients.keySet());
    int count = names.size();
    NDArray rows = NDArrays.stack(new NDList(gradients.values())); // [terms, values]
    float[] products = DeviceReads.floats(rows.matMul(rows.transpose())); // [terms, terms]
    Map<String, Double> observed = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      observed.put("gradient." + names.get(i), Math.sqrt(products[i * count + i]));
    }
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        double lengths = Math.sqrt((double) products[i * count + i] * products[j * count + j]);
        double cosine = lengths > 0 ? products[i * count + j] / lengths : 0;
        observed.put("cosine." + names.get(i) + "." + names.get(j), cosine);
      }
    }
    return observed;
  }
}
