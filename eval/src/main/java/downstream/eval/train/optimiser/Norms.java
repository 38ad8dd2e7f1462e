package downstream.eval.train.optimiser;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Norms of arrays, in TorchScript. PyTorch's function for lists is one kernel on a GPU; on a CPU it
 * adds up in float32, one value after the other, and is wrong by 1e-3 for 20 million values. There
 * a norm is taken over rows first, then over the rows' norms.
 *
 * @param lists whether to use the function for lists
 */
record Norms(boolean lists) {
  /**
   * Returns an expression: an array of norms.
   *
   * @param arrays as the script names them
   * @param weights that have their shapes
   */
  String of(List<String> arrays, List<Weight> weights) {
    if (lists) {
      return "torch.stack(ops.aten._foreach_norm([" + String.join(", ", arrays) + "], 2))";
    }
    List<String> norms = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      norms.add(norm(arrays.get(i), weights.get(i).array().getShape().dimension()));
    }
    return "torch.stack([" + String.join(", ", norms) + "])";
  }

  /** Returns an expression: norms of one list of a group. */
  String of(WeightGroup group, String list) {
    return of(group.arrays(list), group.weights());
  }

  private static String norm(String array, int dimensions) {
    if (dimensions < 2) {
      return "torch.linalg_vector_norm(" + array + ")";
    }
    String others =
        IntStream.range(1, dimensions)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    String rows = "torch.linalg_vector_norm(" + array + ", 2, [" + others + "])";
    return "torch.linalg_vector_norm(" + rows + ")";
  }
}
