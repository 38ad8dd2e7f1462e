package downstream.eval.encoder.build;

import static downstream.eval.encoder.graph.GraphWriter.attribute;

import downstream.eval.encoder.graph.GraphWriter;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The patch embedding of RingMo (Sun et al., TGRS 2022, {@code pi_conv}): three convolutions with
 * kernel = stride, so that none crosses a patch border; channels 3 → D/4 → D/4 → D; batch norm
 * after each, exact GELU after the first two.
 */
final class PiConv {
  private static final float EPSILON = 1e-5f;

  private final GraphWriter graph;
  private final SplittableRandom random;

  PiConv(GraphWriter graph, SplittableRandom random) {
    this.graph = graph;
    this.random = random;
  }

  /**
   * Three factors of the patch, none larger than the one before: the smallest first one that allows
   * this, then the smallest second one (2 → 2, 1, 1; 8 → 2, 2, 2; 16 → 4, 2, 2).
   */
  static List<Integer> kernels(int patch) {
    for (int first = 1; first <= patch; first++) {
      int rest = patch / first;
      for (int second = 1; second <= first && patch % first == 0; second++) {
        if (rest % second == 0 && rest / second <= second) {
          return List.of(first, second, rest / second);
        }
      }
    }
    throw new IllegalArgumentException("a patch has a side of at least 1, not " + patch);
  }

  /** [N, 3, S, S] → [N, width, S/patch, S/patch]. */
  String write(String images, int patch, int width) {
    List<Integer> kernels = kernels(patch);
    String value = stage("patch_embed.0", images, 3, width / 4, kernels.get(0));
    value = graph.gelu("patch_embed.0", value);
    value = stage("patch_embed.1", value, width / 4, width / 4, kernels.get(1));
    value = graph.gelu("patch_embed.1", value);
    return stage("patch_embed.2", value, width / 4, width, kernels.get(2));
  }

  /** Convolution without bias and batch norm: [N, in, H, W] → [N, out, H/side, W/side]. */
  private String stage(String name, String input, int in, int out, int side) {
    int area = in * side * side;
    graph.weight(
        name + ".weight", WeightInit.xavier(random, area, out, area * out), out, in, side, side);
    graph.node(
        "Conv",
        name + ".map",
        List.of(input, name + ".weight"),
        attribute("kernel_shape", new long[] {side, side}),
        attribute("strides", new long[] {side, side}));
    String norm = name + ".norm";
    graph.weight(norm + ".weight", WeightInit.constant(1, out), out);
    graph.weight(norm + ".bias", WeightInit.constant(0, out), out);
    graph.weight(norm + ".running_mean", WeightInit.constant(0, out), out);
    graph.weight(norm + ".running_var", WeightInit.constant(1, out), out);
    return graph.node(
        "BatchNormalization",
        norm,
        List.of(
            name + ".map",
            norm + ".weight",
            norm + ".bias",
            norm + ".running_mean",
            norm + ".running_var"),
        attribute("epsilon", EPSILON));
  }
}
