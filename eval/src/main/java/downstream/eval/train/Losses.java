package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.optimiser.Scalars;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Losses of one batch.
 *
 * @param total the scalar that is minimised, float32, in the autograd graph
 * @param terms each summand by name, scalars, for the log; may be {@code {"loss": total}}
 */
public record Losses(NDArray total, Map<String, NDArray> terms) {
  /**
   * Returns the losses of a batch from those of its parts: their sum, weighted by their examples.
   *
   * @param sizes examples of each part
   * @param scope owns the result, on the device of the first part
   */
  static Losses together(List<Losses> parts, int[] sizes, NDManager scope) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    Map<String, NDArray> terms = new LinkedHashMap<>();
    for (String term : parts.get(0).terms().keySet()) {
      List<NDArray> each =
          parts.stream().map(part -> Objects.requireNonNull(part.terms().get(term))).toList();
      terms.put(term, Gradients.without(() -> sum(each, sizes, scope)));
    }
    return new Losses(sum(parts.stream().map(Losses::total).toList(), sizes, scope), terms);
  }

  private static NDArray sum(List<NDArray> scalars, int[] sizes, NDManager scope) {
    double all = Arrays.stream(sizes).sum();
    NDList weighted = new NDList();
    for (int i = 0; i < sizes.length; i++) {
      NDArray here = scalars.get(i).toDevice(scope.getDevice(), false).reshape(new Shape());
      here.attach(scope);
      weighted.add(Scalars.times(here, sizes[i] / all));
    }
    return NDArrays.add(weighted.toArray(NDArray[]::new));
  }
}
