package downstream.eval.encoder.build;

import static downstream.eval.encoder.graph.GraphWriter.attribute;

import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.graph.GraphWriter;
import java.util.List;
import java.util.SplittableRandom;

/** Writes the nodes of a {@link VitArchitecture}, weights drawn in the order of the nodes. */
final class TransformerLayers {
  private static final float EPSILON = 1e-6f;
  private static final double TABLE_DEVIATION = 0.02;

  private final VitArchitecture network;
  private final GraphWriter graph;
  private final TransformerParts parts;
  private final InitialWeights form;
  private final SplittableRandom random;
  private final int width;

  TransformerLayers(VitArchitecture network, GraphWriter graph, RandomWeights weights) {
    this.network = network;
    this.graph = graph;
    parts = new TransformerParts(graph, EPSILON);
    form = weights.form();
    random = new SplittableRandom(weights.seed());
    width = network.width();
  }

  /** {@code images} [N, 3, S, S] → … → {@code latent}, and {@code patch_latent} if it differs. */
  void write() {
    String value = tokens();
    if (network.relativePositions()) {
      RelativePositions.write(graph, network);
    }
    for (int block = 0; block < network.depth(); block++) {
      value = block(block, value);
    }
    parts.norm("norm", value, VitArchitecture.LATENT, width);
    if (network.classToken()) {
      dropClassToken();
    }
  }

  /** [N, 1 + T, D] → [N, T, D]. */
  private void dropClassToken() {
    graph.integers("patch_latent.start", 1);
    graph.integers("patch_latent.end", Long.MAX_VALUE);
    graph.integers("patch_latent.axis", 1);
    graph.node(
        "Slice",
        VitArchitecture.PATCH_LATENT,
        List.of(
            VitArchitecture.LATENT, "patch_latent.start", "patch_latent.end", "patch_latent.axis"));
  }

  /**
   * Patch embedding, positions, class token: [N, 3, S, S] → {@code patches} [N, T, D] → {@code
   * tokens} [N, T, D], or [N, 1 + T, D] with the class token first.
   */
  private String tokens() {
    String patches =
        patches(graph.input("images", -1, 3, network.imageSize(), network.imageSize()));
    return network.classToken()
        ? prependClassToken(placed("patches.placed", patches))
        : placed("tokens", patches);
  }

  /** Patches with their positions, where these are added. */
  private String placed(String name, String patches) {
    if (network.relativePositions()) {
      return graph.node("Identity", name, List.of(patches));
    }
    int cells = network.grid() * network.grid();
    float[] table =
        network.learnedPositions()
            ? WeightInit.normal(random, TABLE_DEVIATION, cells * width)
            : SinCosPositions.table(network.grid(), width);
    graph.weight(VitArchitecture.POSITIONS, table, 1, cells, width);
    return graph.node("Add", name, List.of(patches, VitArchitecture.POSITIONS));
  }

  private String patches(String images) {
    String map =
        network.piConv()
            ? new PiConv(graph, random).write(images, network.patch(), width)
            : convolution(images);
    graph.integers("patch_embed.shape", 0, width, -1);
    graph.node("Reshape", "patch_embed.flat", List.of(map, "patch_embed.shape"));
    return graph.node(
        "Transpose",
        "patches",
        List.of("patch_embed.flat"),
        attribute("perm", new long[] {0, 2, 1}));
  }

  /** [N, 3, S, S] → [N, D, S/patch, S/patch]. */
  private String convolution(String images) {
    int patch = network.patch();
    int area = 3 * patch * patch;
    float[] kernel = form.patchKernel(random, area, width);
    graph.weight("patch_embed.weight", kernel, width, 3, patch, patch);
    graph.weight("patch_embed.bias", form.patchBias(random, area, width), width);
    return graph.node(
        "Conv",
        "patch_embed.map",
        List.of(images, "patch_embed.weight", "patch_embed.bias"),
        attribute("kernel_shape", new long[] {patch, patch}),
        attribute("strides", new long[] {patch, patch}));
  }

  /** The token [1, 1, D], once for each image, before the patches: [N, T, D] → [N, 1 + T, D]. */
  private String prependClassToken(String patches) {
    graph.weight("class_token", form.classToken(random, width), 1, 1, width);
    graph.integers("class_token.one", 1, width);
    graph.node(
        "Shape",
        "class_token.batch",
        List.of(patches),
        attribute("start", 0L),
        attribute("end", 1L));
    graph.node(
        "Concat",
        "class_token.shape",
        List.of("class_token.batch", "class_token.one"),
        attribute("axis", 0L));
    graph.node("Expand", "class_token.expanded", List.of("class_token", "class_token.shape"));
    return graph.node(
        "Concat", "tokens", List.of("class_token.expanded", patches), attribute("axis", 1L));
  }

  /**
   * x + attention(norm(x)), then x + mlp(norm(x)), each branch times its layer scale: [N, T, D] →
   * [N, T, D].
   */
  private String block(int index, String input) {
    String name = "blocks." + index;
    String attention = name + ".attention";
    String joined =
        attention(attention, parts.norm(name + ".norm1", input, name + ".norm1", width));
    String attended = scaled(name + ".scale1", branchEnd(attention + ".out", joined, width, index));
    String middle = graph.node("Add", name + ".middle", List.of(input, attended));
    String mlp = name + ".mlp";
    String hidden = mlp(mlp, parts.norm(name + ".norm2", middle, name + ".norm2", width));
    int hiddenWidth = network.mlpRatio() * width;
    String mixed = scaled(name + ".scale2", branchEnd(mlp + ".fc2", hidden, hiddenWidth, index));
    return graph.node("Add", name, List.of(middle, mixed));
  }

  /** A branch times one trained value a channel (Touvron et al., 2021), if there is a scale. */
  private String scaled(String name, String branch) {
    if (network.layerScale() == 0) {
      return branch;
    }
    float[] start = WeightInit.constant((float) network.layerScale(), width);
    graph.weight(name + ".weight", start, width);
    return graph.node("Mul", name, List.of(branch, name + ".weight"));
  }

  /** Multi-head self-attention, softmax(q kᵀ / √d + bias) v: [N, T, D] → [N, T, D]. */
  private String attention(String name, String input) {
    int heads = network.heads();
    int head = width / heads;
    float[] together = form.linear(random, width, 3 * width, 3, 0);
    String qkv = parts.linear(name + ".qkv", input, together, width, 3 * width);
    graph.nodes(
        "Split",
        List.of(name + ".q", name + ".k", name + ".v"),
        List.of(qkv),
        attribute("axis", -1L));
    graph.integers(name + ".split_heads", 0, -1, heads, head);
    String q = heads(name + ".q", name, 0, 2, 1, 3);
    String k = heads(name + ".k", name, 0, 2, 3, 1);
    String v = heads(name + ".v", name, 0, 2, 1, 3);
    graph.weight(name + ".scale", new float[] {(float) (1 / Math.sqrt(head))}, 1);
    String scaled = graph.node("Mul", name + ".scaled", List.of(q, name + ".scale"));
    String scores = graph.node("MatMul", name + ".scores", List.of(scaled, k));
    if (network.relativePositions()) {
      scores = graph.node("Add", name + ".biased", List.of(scores, RelativePositions.BIAS));
    }
    String weights =
        graph.node("Softmax", name + ".weights", List.of(scores), attribute("axis", -1L));
    String mixed = graph.node("MatMul", name + ".mixed", List.of(weights, v));
    String back =
        graph.node(
            "Transpose",
            name + ".back",
            List.of(mixed),
            attribute("perm", new long[] {0, 2, 1, 3}));
    graph.integers(name + ".join_heads", 0, -1, width);
    return graph.node("Reshape", name + ".joined", List.of(back, name + ".join_heads"));
  }

  /** [N, T, D] → [N, T, heads, d] → transposed by {@code perm}. */
  private String heads(String part, String name, long... perm) {
    String split = graph.node("Reshape", part + ".heads", List.of(part, name + ".split_heads"));
    return graph.node("Transpose", part + ".transposed", List.of(split), attribute("perm", perm));
  }

  /** Linear, exact GELU: [N, T, D] → [N, T, mlpRatio · D]. */
  private String mlp(String name, String input) {
    int hidden = network.mlpRatio() * width;
    float[] weights = form.linear(random, width, hidden, 1, 0);
    return graph.gelu(name, parts.linear(name + ".fc1", input, weights, width, hidden));
  }

  /** The last linear layer of a block's branch: [N, T, in] → [N, T, D]. */
  private String branchEnd(String name, String input, int in, int block) {
    return parts.linear(name, input, form.linear(random, in, width, 1, block + 1), in, width);
  }
}
