package downstream.eval.encoder.rewrite;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.graph.GraphWriter;
import downstream.eval.encoder.operators.Tensors;
import java.util.List;

/**
 * Rewrites a Vision Transformer's graph so that most of its blocks attend within windows of patches
 * (ViTDet, Li et al. 2022, section 3): the same weights, far less attention in large images. Where
 * the window does not divide the grid, rows and columns of zeros fill it up, which patches attend
 * to as well.
 */
final class WindowedAttention {
  private final VitArchitecture network;
  private final int window;
  private final GraphProto.Builder graph;

  private WindowedAttention(VitArchitecture network, int window, GraphProto.Builder graph) {
    this.network = network;
    this.window = window;
    this.graph = graph;
  }

  /**
   * The graph with windows in all blocks but the last of each of {@code global} equal groups.
   *
   * @param network as it is in the graph, without a class token
   * @param window side in patches
   * @param global how many blocks attend everywhere
   */
  static GraphProto write(GraphProto graph, VitArchitecture network, int window, int global) {
    WindowedAttention windowing =
        new WindowedAttention(network, window, graph.toBuilder().clearNode());
    int group = Math.max(1, network.depth() / global);
    for (NodeProto node : graph.getNodeList()) {
      windowing.write(node, group);
    }
    return windowing.graph.build();
  }

  private void write(NodeProto node, int group) {
    String output = node.getOutput(0);
    String block = output.replaceFirst("^(blocks\\.\\d+)\\..*$", "$1");
    boolean inBlock = !block.equals(output);
    if (!inBlock || (Integer.parseInt(block.substring("blocks.".length())) + 1) % group == 0) {
      graph.addNode(node);
    } else if (output.equals(block + ".attention.qkv.product")) {
      String windows = split(block + ".windows", node.getInput(0));
      graph.addNode(node.toBuilder().setInput(0, windows));
    } else if (output.equals(block + ".middle")) {
      String whole = join(block + ".whole", node.getInput(1));
      graph.addNode(node.toBuilder().setInput(1, whole));
    } else {
      graph.addNode(node);
    }
  }

  private int across() {
    return (network.grid() + window - 1) / window;
  }

  /** [N, T, D] → [N · windows, window², D]. */
  private String split(String name, String tokens) {
    int grid = network.grid();
    int width = network.width();
    int padded = across() * window;
    String map = reshape(name + ".map", tokens, -1, grid, grid, width);
    if (padded > grid) {
      integers(name + ".pads", 0, 0, 0, 0, 0, padded - grid, padded - grid, 0);
      map = node("Pad", name + ".padded", List.of(map, name + ".pads"));
    }
    String cut = reshape(name + ".cut", map, -1, across(), window, across(), window, width);
    return reshape(name, swapped(name + ".swapped", cut), -1, (long) window * window, width);
  }

  /** [N · windows, window², D] → [N, T, D]. */
  private String join(String name, String windows) {
    int grid = network.grid();
    int width = network.width();
    int padded = across() * window;
    String cut = reshape(name + ".cut", windows, -1, across(), across(), window, window, width);
    String map = reshape(name + ".map", swapped(name + ".swapped", cut), -1, padded, padded, width);
    if (padded > grid) {
      integers(name + ".starts", 0, 0);
      integers(name + ".ends", grid, grid);
      integers(name + ".axes", 1, 2);
      List<String> inputs = List.of(map, name + ".starts", name + ".ends", name + ".axes");
      map = node("Slice", name + ".sliced", inputs);
    }
    return reshape(name, map, -1, (long) grid * grid, width);
  }

  /** The second and third of the five axes behind the batch change places. */
  private String swapped(String name, String value) {
    NodeProto.Builder transpose = NodeProto.newBuilder().setOpType("Transpose").setName(name);
    transpose.addInput(value).addOutput(name);
    transpose.addAttribute(GraphWriter.attribute("perm", new long[] {0, 1, 3, 2, 4, 5}));
    graph.addNode(transpose);
    return name;
  }

  private String reshape(String name, String value, long... shape) {
    integers(name + ".shape", shape);
    return node("Reshape", name, List.of(value, name + ".shape"));
  }

  private String node(String operator, String output, List<String> inputs) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(output)
            .addAllInput(inputs)
            .addOutput(output));
    return output;
  }

  private void integers(String name, long... values) {
    graph.addInitializer(Tensors.of(name, values, values.length));
  }
}
