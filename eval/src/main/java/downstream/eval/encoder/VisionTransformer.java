package downstream.eval.encoder;

import static downstream.eval.encoder.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A plain Vision Transformer (Dosovitskiy et al., 2021) as MAE builds it (He et al., 2022):
 * pre-norm blocks, fixed 2-D sin-cos positions, no class token. It writes an ONNX graph of opset 17
 * with a free batch and a free token count.
 *
 * <p>Named values: {@code images} [N, 3, S, S]; {@code patches} [N, T, D] before positions; {@code
 * tokens} [N, T, D] after them; {@code blocks.0} … each block's output; {@code latent} [N, T, D]
 * after the last LayerNorm. T = (S/patch)² in raster order.
 *
 * @param imageSize S, a multiple of {@code patch}
 * @param patch side of a patch in pixels
 * @param width D, a multiple of 4 and of {@code heads}
 * @param depth number of blocks
 * @param heads attention heads
 * @param mlpRatio hidden width of a block's MLP as a multiple of D
 */
public record VisionTransformer(
    int imageSize, int patch, int width, int depth, int heads, int mlpRatio) {
  private static final int OPSET = 17;
  private static final int IR_VERSION = 8;
  private static final float EPSILON = 1e-6f;

  public VisionTransformer {
    check(
        patch > 0 && imageSize > 0 && imageSize % patch == 0,
        "imageSize " + imageSize + " must be a multiple of patch " + patch);
    check(
        heads > 0 && width > 0 && width % heads == 0,
        "width " + width + " must be a multiple of heads " + heads);
    check(width % 4 == 0, "width " + width + " must be a multiple of 4");
    check(
        depth > 0 && mlpRatio > 0,
        "depth and mlpRatio must be positive, not " + depth + " and " + mlpRatio);
  }

  private static void check(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  VisionTransformer withImageSize(int size) {
    return new VisionTransformer(size, patch, width, depth, heads, mlpRatio);
  }

  /** Patches per side. */
  public int grid() {
    return imageSize / patch;
  }

  /**
   * Writes the graph with weights drawn from {@code seed}: linear layers Xavier-uniform with zero
   * bias, the patch embedding Xavier-uniform as if it were linear, LayerNorm 1 and 0 (MAE).
   *
   * @param name of the encoder
   * @param mean per channel of images in [0, 1]
   * @param std per channel of images in [0, 1]
   */
  public EncoderFile build(
      String name, long seed, List<Double> mean, List<Double> std, ObjectNode provenance) {
    GraphWriter graph = new GraphWriter(name);
    SplittableRandom random = new SplittableRandom(seed);
    String value = tokens(graph, random);
    for (int block = 0; block < depth; block++) {
      value = block(graph, random, "blocks." + block, value);
    }
    norm(graph, "norm", value, "latent");
    graph.output("latent", -1, (long) grid() * grid(), width);
    FeatureLevel level = new FeatureLevel("latent", patch, width, FeatureLevel.Layout.TOKENS);
    EncoderSpec spec =
        new EncoderSpec(
            "images", imageSize, mean, std, List.of(level), Set.of("positions"), Optional.of(this));
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("downstream")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setGraph(graph.build())
            .build();
    return EncoderFile.of(name, model, spec, provenance);
  }

  /** Patch embedding and positions: [N, 3, S, S] → {@code patches} → {@code tokens} [N, T, D]. */
  private String tokens(GraphWriter graph, SplittableRandom random) {
    String images = graph.input("images", -1, 3, imageSize, imageSize);
    int area = 3 * patch * patch;
    graph.weight(
        "patch_embed.weight", xavier(random, area, width, area * width), width, 3, patch, patch);
    graph.weight("patch_embed.bias", new float[width], width);
    graph.node(
        "Conv",
        "patch_embed.map",
        List.of(images, "patch_embed.weight", "patch_embed.bias"),
        attribute("kernel_shape", new long[] {patch, patch}),
        attribute("strides", new long[] {patch, patch}));
    graph.integers("patch_embed.shape", 0, width, -1);
    graph.node("Reshape", "patch_embed.flat", List.of("patch_embed.map", "patch_embed.shape"));
    graph.node(
        "Transpose",
        "patches",
        List.of("patch_embed.flat"),
        attribute("perm", new long[] {0, 2, 1}));
    graph.weight(
        "positions", SinCosPositions.table(grid(), width), 1, (long) grid() * grid(), width);
    return graph.node("Add", "tokens", List.of("patches", "positions"));
  }

  /** x + attention(norm(x)), then x + mlp(norm(x)): [N, T, D] → [N, T, D]. */
  private String block(GraphWriter graph, SplittableRandom random, String name, String input) {
    String attended =
        attention(
            graph,
            random,
            name + ".attention",
            norm(graph, name + ".norm1", input, name + ".norm1"));
    String middle = graph.node("Add", name + ".middle", List.of(input, attended));
    String mixed =
        mlp(graph, random, name + ".mlp", norm(graph, name + ".norm2", middle, name + ".norm2"));
    return graph.node("Add", name, List.of(middle, mixed));
  }

  /** Multi-head self-attention, softmax(q kᵀ / √d) v: [N, T, D] → [N, T, D]. */
  private String attention(GraphWriter graph, SplittableRandom random, String name, String input) {
    int head = width / heads;
    String qkv = linear(graph, random, name + ".qkv", input, width, 3 * width);
    graph.nodes(
        "Split",
        List.of(name + ".q", name + ".k", name + ".v"),
        List.of(qkv),
        attribute("axis", -1L));
    graph.integers(name + ".split_heads", 0, -1, heads, head);
    String q = heads(graph, name + ".q", name, 0, 2, 1, 3);
    String k = heads(graph, name + ".k", name, 0, 2, 3, 1);
    String v = heads(graph, name + ".v", name, 0, 2, 1, 3);
    graph.weight(name + ".scale", new float[] {(float) (1 / Math.sqrt(head))}, 1);
    String scaled = graph.node("Mul", name + ".scaled", List.of(q, name + ".scale"));
    String scores = graph.node("MatMul", name + ".scores", List.of(scaled, k));
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
    String joined = graph.node("Reshape", name + ".joined", List.of(back, name + ".join_heads"));
    return linear(graph, random, name + ".out", joined, width, width);
  }

  /** [N, T, D] → [N, T, heads, d] → transposed by {@code perm}. */
  private static String heads(GraphWriter graph, String part, String name, long... perm) {
    String split = graph.node("Reshape", part + ".heads", List.of(part, name + ".split_heads"));
    return graph.node("Transpose", part + ".transposed", List.of(split), attribute("perm", perm));
  }

  /** Linear, exact GELU x/2 · (1 + erf(x/√2)), linear. */
  private String mlp(GraphWriter graph, SplittableRandom random, String name, String input) {
    String hidden = linear(graph, random, name + ".fc1", input, width, mlpRatio * width);
    graph.weight(name + ".sqrt2", new float[] {(float) Math.sqrt(2)}, 1);
    graph.weight(name + ".one", new float[] {1}, 1);
    graph.weight(name + ".half", new float[] {0.5f}, 1);
    String scaled = graph.node("Div", name + ".scaled", List.of(hidden, name + ".sqrt2"));
    String erf = graph.node("Erf", name + ".erf", List.of(scaled));
    String shifted = graph.node("Add", name + ".shifted", List.of(erf, name + ".one"));
    String product = graph.node("Mul", name + ".product", List.of(hidden, shifted));
    String gelu = graph.node("Mul", name + ".gelu", List.of(product, name + ".half"));
    return linear(graph, random, name + ".fc2", gelu, mlpRatio * width, width);
  }

  private static String linear(
      GraphWriter graph, SplittableRandom random, String name, String input, int in, int out) {
    graph.weight(name + ".weight", xavier(random, in, out, in * out), in, out);
    graph.weight(name + ".bias", new float[out], out);
    graph.node("MatMul", name + ".product", List.of(input, name + ".weight"));
    return graph.node("Add", name, List.of(name + ".product", name + ".bias"));
  }

  private String norm(GraphWriter graph, String name, String input, String output) {
    float[] ones = new float[width];
    Arrays.fill(ones, 1);
    graph.weight(name + ".weight", ones, width);
    graph.weight(name + ".bias", new float[width], width);
    return graph.node(
        "LayerNormalization",
        output,
        List.of(input, name + ".weight", name + ".bias"),
        attribute("axis", -1L),
        attribute("epsilon", EPSILON));
  }

  /** Uniform in ±√(6 / (in + out)) (Glorot and Bengio, 2010). */
  private static float[] xavier(SplittableRandom random, int in, int out, int count) {
    double bound = Math.sqrt(6.0 / (in + out));
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-bound, bound);
    }
    return values;
  }
}
