package downstream.eval.encoder.build;

import static downstream.eval.encoder.graph.GraphWriter.attribute;

import downstream.eval.encoder.SwinArchitecture;
import downstream.eval.encoder.graph.GraphWriter;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes the nodes of a {@link SwinArchitecture}, weights drawn in the order of the nodes. N
 * images, g the side of a stage's grid, w that of its windows, W = (g/w)² windows, C its channels.
 */
final class SwinLayers {
  /** End of the names of the tables of relative positions [(2w - 1)², heads]. */
  static final String TABLE = ".relative_positions";

  private static final float EPSILON = 1e-5f;
  private static final double TABLE_DEVIATION = .02;
  private static final int MLP_RATIO = 4;
  private static final float FAR = -100;

  private final SwinArchitecture network;
  private final GraphWriter graph;
  private final TransformerParts parts;
  private final InitialWeights form;
  private final SplittableRandom random;

  SwinLayers(SwinArchitecture network, GraphWriter graph, RandomWeights weights) {
    this.network = network;
    this.graph = graph;
    parts = new TransformerParts(graph, EPSILON);
    form = weights.form();
    random = new SplittableRandom(weights.seed());
  }

  /** {@code images} [N, 3, S, S] → {@code patches} → {@code C2} to {@code C5}. */
  void write() {
    String value = patches();
    int blocks = 0;
    for (int stage = 0; stage < SwinArchitecture.STAGES; stage++) {
      for (int block = 0; block < network.depths().get(stage); block++) {
        value = new Block(stage, block, ++blocks).write(value);
      }
      String level = SwinArchitecture.level(stage);
      if (stage < SwinArchitecture.STAGES - 1) {
        graph.node("Identity", level, List.of(value));
        value = merged(stage, value);
      } else {
        parts.norm("norm", value, level, network.channels(stage));
      }
    }
  }

  /** [N, 3, S, S] → {@code patches} [N, T, C] → [N, g, g, C]. */
  private String patches() {
    int size = network.imageSize();
    int patch = SwinArchitecture.PATCH;
    int width = network.width();
    int area = 3 * patch * patch;
    graph.input("images", -1, 3, size, size);
    graph.weight(
        "patch_embed.weight", form.patchKernel(random, area, width), width, 3, patch, patch);
    graph.weight("patch_embed.bias", form.patchBias(random, area, width), width);
    graph.node(
        "Conv",
        "patch_embed.map",
        List.of("images", "patch_embed.weight", "patch_embed.bias"),
        attribute("kernel_shape", new long[] {patch, patch}),
        attribute("strides", new long[] {patch, patch}));
    parts.reshape("patch_embed.flat", "patch_embed.map", 0, width, -1);
    parts.transpose("patch_embed.rows", "patch_embed.flat", 0, 2, 1);
    parts.norm("patch_embed.norm", "patch_embed.rows", "patches", width);
    return parts.reshape("tokens", "patches", -1, network.grid(0), network.grid(0), width);
  }

  /**
   * Four neighbours as one cell (patch merging): [N, g, g, C] → [N, g/2, g/2, 2C]. Their channels
   * follow each other column by column.
   */
  private String merged(int stage, String input) {
    String name = "layers." + stage + ".downsample";
    int half = network.grid(stage) / 2;
    int width = network.channels(stage);
    String cut = parts.reshape(name + ".cut", input, -1, half, 2, half, 2, width);
    String turned = parts.transpose(name + ".turned", cut, 0, 1, 3, 4, 2, 5);
    String four = parts.reshape(name + ".joined", turned, -1, half, half, 4L * width);
    String norm = parts.norm(name + ".norm", four, name + ".norm", 4 * width);
    float[] weights = form.linear(random, 4 * width, 2 * width, 1, 0);
    return parts.linearWithoutBias(name + ".reduction", norm, weights, 4 * width, 2 * width);
  }

  /** x + attention(norm(x)), then x + mlp(norm(x)), all [N, g, g, C]. */
  private final class Block {
    private final String name;
    private final int number;
    private final int grid;
    private final int window;
    private final int width;
    private final int heads;
    private final int shift;

    /**
     * @param number in the whole network, from 1
     */
    Block(int stage, int block, int number) {
      name = "layers." + stage + ".blocks." + block;
      this.number = number;
      grid = network.grid(stage);
      window = network.window(stage);
      width = network.channels(stage);
      heads = network.heads(stage);
      shift = block % 2 == 1 && grid > window ? window / 2 : 0;
    }

    String write(String input) {
      String norm1 = parts.norm(name + ".norm1", input, name + ".norm1", width);
      String attended = joined(attention(windows(norm1)));
      String middle = graph.node("Add", name + ".middle", List.of(input, attended));
      String norm2 = parts.norm(name + ".norm2", middle, name + ".norm2", width);
      return graph.node("Add", name, List.of(middle, mlp(norm2)));
    }

    private String mlp(String input) {
      int hidden = MLP_RATIO * width;
      String mlp = name + ".mlp";
      float[] first = form.linear(random, width, hidden, 1, 0);
      String gelu = graph.gelu(mlp, parts.linear(mlp + ".fc1", input, first, width, hidden));
      float[] second = form.linear(random, hidden, width, 1, number);
      return parts.linear(mlp + ".fc2", gelu, second, hidden, width);
    }

    /** [N, g, g, C] → [N, W, w², C], after a shift up and to the left. */
    private String windows(String input) {
      String shifted = rolled(name + ".shifted", input, shift);
      int across = grid / window;
      String cut = parts.reshape(name + ".cut", shifted, -1, across, window, across, window, width);
      String turned = parts.transpose(name + ".cut_turned", cut, 0, 1, 3, 2, 4, 5);
      return parts.reshape(
          name + ".windows", turned, -1, (long) across * across, (long) window * window, width);
    }

    /** [N, W, w², C] → [N, g, g, C], shifted back. */
    private String joined(String windows) {
      int across = grid / window;
      String cut =
          parts.reshape(name + ".joined_cut", windows, -1, across, across, window, window, width);
      String turned = parts.transpose(name + ".joined_turned", cut, 0, 1, 3, 2, 4, 5);
      String whole = parts.reshape(name + ".joined", turned, -1, grid, grid, width);
      return rolled(name + ".back", whole, -shift);
    }

    /** Moves rows and columns up and left by some cells; what leaves comes back in at the end. */
    private String rolled(String output, String input, int by) {
      if (by == 0) {
        return input;
      }
      String rows = rolled(output + ".rows", input, by, 1);
      return rolled(output, rows, by, 2);
    }

    private String rolled(String output, String input, int by, int axis) {
      graph.integers(output + ".axis", axis);
      graph.integers(output + ".start", 0);
      graph.integers(output + ".at", Math.floorMod(by, grid));
      graph.integers(output + ".end", grid);
      String axes = output + ".axis";
      graph.node("Slice", output + ".tail", List.of(input, output + ".at", output + ".end", axes));
      graph.node(
          "Slice", output + ".head", List.of(input, output + ".start", output + ".at", axes));
      return graph.node(
          "Concat",
          output,
          List.of(output + ".tail", output + ".head"),
          attribute("axis", (long) axis));
    }

    /** softmax(q kᵀ / √d + bias) v within each window: [N, W, w², C] → [N, W, w², C]. */
    private String attention(String input) {
      String attention = name + ".attention";
      int head = width / heads;
      long windows = (long) (grid / window) * (grid / window);
      long cells = (long) window * window;
      float[] together = form.linear(random, width, 3 * width, 3, 0);
      String qkv = parts.linear(attention + ".qkv", input, together, width, 3 * width);
      List<String> split = List.of(attention + ".q", attention + ".k", attention + ".v");
      graph.nodes("Split", split, List.of(qkv), attribute("axis", -1L));
      for (String part : split) {
        parts.reshape(part + ".heads", part, -1, windows, cells, heads, head);
      }
      String q = parts.transpose(split.get(0) + ".turned", split.get(0) + ".heads", 0, 1, 3, 2, 4);
      String k = parts.transpose(split.get(1) + ".turned", split.get(1) + ".heads", 0, 1, 3, 4, 2);
      String v = parts.transpose(split.get(2) + ".turned", split.get(2) + ".heads", 0, 1, 3, 2, 4);
      graph.weight(attention + ".scale", new float[] {(float) (1 / Math.sqrt(head))}, 1);
      String scaled = graph.node("Mul", attention + ".scaled", List.of(q, attention + ".scale"));
      String scores = graph.node("MatMul", attention + ".scores", List.of(scaled, k));
      String biased = graph.node("Add", attention + ".biased", List.of(scores, bias(attention)));
      graph.node("Softmax", attention + ".weights", List.of(biased), attribute("axis", -1L));
      String mixed = graph.node("MatMul", attention + ".mixed", List.of(attention + ".weights", v));
      String back = parts.transpose(attention + ".back", mixed, 0, 1, 3, 2, 4);
      String joined = parts.reshape(attention + ".joined", back, -1, windows, cells, width);
      float[] end = form.linear(random, width, width, 1, number);
      return parts.linear(attention + ".out", joined, end, width, width);
    }

    /**
     * The bias by distance, and in shifted windows one that keeps cells apart which are no
     * neighbours in the image: [1, 1 or W, heads, w², w²].
     */
    private String bias(String attention) {
      int distances = 2 * window - 1;
      long cells = (long) window * window;
      String table = attention + TABLE;
      float[] start = WeightInit.normal(random, TABLE_DEVIATION, distances * distances * heads);
      graph.weight(table, start, (long) distances * distances, heads);
      graph.integers(table + ".index", RelativePositions.index(window, false));
      graph.node(
          "Gather", table + ".pairs", List.of(table, table + ".index"), attribute("axis", 0L));
      String turned = parts.transpose(table + ".turned", table + ".pairs", 1, 0);
      String bias = parts.reshape(table + ".bias", turned, 1, 1, heads, cells, cells);
      if (shift == 0) {
        return bias;
      }
      float[] mask = mask();
      graph.weight(attention + ".mask", mask, 1, mask.length / (cells * cells), 1, cells, cells);
      return graph.node("Add", attention + ".masked", List.of(bias, attention + ".mask"));
    }

    /**
     * -100 for two cells of a window that come from different borders of the image: [W, w², w²].
     */
    private float[] mask() {
      int across = grid / window;
      int cells = window * window;
      float[] mask = new float[across * across * cells * cells];
      for (int i = 0; i < mask.length; i++) {
        int at = i / (cells * cells);
        int query = i / cells % cells;
        int key = i % cells;
        mask[i] = part(at, query, across) == part(at, key, across) ? 0 : FAR;
      }
      return mask;
    }

    /** Number of the part of the image that a cell of a shifted window comes from. */
    private int part(int at, int cell, int across) {
      int row = at / across * window + cell / window;
      int column = at % across * window + cell % window;
      return 3 * part(row) + part(column);
    }

    private int part(int place) {
      if (place < grid - window) {
        return 0;
      }
      return place < grid - shift ? 1 : 2;
    }
  }
}
