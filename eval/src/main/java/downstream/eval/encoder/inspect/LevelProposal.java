package downstream.eval.encoder.inspect;

import downstream.eval.BadInput;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.FeatureLevel.Layout;
import downstream.eval.encoder.graph.CutPoints;
import downstream.eval.encoder.graph.Graph;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds feature levels in a graph: where it has several maps of different strides as outputs,
 * those; else the last value at each stride that every path to the coarsest one crosses, before
 * global pooling and before anything is upsampled.
 */
public final class LevelProposal {
  private static final int MOST_LEVELS = 4;
  private static final int COARSEST = 64;
  private static final int[] EXTRA_TOKENS = {0, 1, 2, 5};
  private static final Set<String> UPSAMPLING =
      Set.of("Resize", "Upsample", "ConvTranspose", "DepthToSpace");

  private final Graph graph;
  private final int size;
  private final Map<String, long[]> shapes;
  private final long batch;
  private final boolean attends;

  /**
   * @param shapes of values for images of {@code size}
   */
  public LevelProposal(Graph graph, int size, Map<String, long[]> shapes) {
    this.graph = graph;
    this.size = size;
    this.shapes = shapes;
    this.batch = Math.max(1, graph.fixedBatch());
    this.attends = graph.nodes().stream().anyMatch(node -> node.operator().equals("Softmax"));
  }

  /**
   * Proposed levels, at most four, finest first.
   *
   * @throws BadInput if no value of the graph is a map of the images
   */
  public List<FeatureLevel> levels() {
    List<FeatureLevel> declared =
        graph.outputs().stream().flatMap(output -> level(output).stream()).toList();
    long strides = declared.stream().map(FeatureLevel::stride).distinct().count();
    List<FeatureLevel> candidates =
        strides > 1
            ? declared
            : CutPoints.of(graph, coarsest()).stream().flatMap(v -> level(v).stream()).toList();
    TreeMap<Integer, FeatureLevel> byStride = new TreeMap<>(Comparator.reverseOrder());
    candidates.stream()
        .filter(level -> level.stride() > 1)
        .forEach(level -> byStride.put(level.stride(), level));
    List<FeatureLevel> levels =
        new ArrayList<>(byStride.values().stream().limit(MOST_LEVELS).toList());
    levels.sort(Comparator.comparing(FeatureLevel::stride));
    return levels;
  }

  /** The last value of the coarsest stride that nothing upsampled leads to. */
  private String coarsest() {
    Set<String> upsampled = new HashSet<>();
    graph.nodes().stream()
        .filter(node -> UPSAMPLING.contains(node.operator()))
        .forEach(node -> upsampled.addAll(node.outputs()));
    Set<String> after = graph.dependents(upsampled);
    return shapes.keySet().stream()
        .filter(value -> !after.contains(value))
        .flatMap(value -> level(value).stream())
        .filter(level -> level.stride() > 1)
        .reduce((a, b) -> b.stride() >= a.stride() ? b : a)
        .map(FeatureLevel::value)
        .orElseThrow(
            () ->
                new BadInput(
                    graph.model().getGraph().getName(),
                    "has no value that is a feature map of images of " + size + " px",
                    "List its feature levels by hand in NAME.encoder.yaml"));
  }

  /** The value as a level, if its shape is one of a map or of tokens. */
  private Optional<FeatureLevel> level(String value) {
    long[] shape = shapes.getOrDefault(graph.resolve(value), new long[0]);
    if (shape.length < 3 || shape[0] != batch) {
      return Optional.empty();
    }
    if (shape.length == 4 && shape[2] == shape[3] && stride(shape[2]) > 0) {
      int stride = stride(shape[2]);
      long margin = size / stride - shape[2];
      return level(value, stride, shape[1], Layout.MAP, 0, margin);
    }
    if (shape.length == 4 && shape[1] == shape[2] && shape[1] * stride(shape[1]) == size) {
      return level(value, stride(shape[1]), shape[3], Layout.CHANNELS_LAST, 0, 0);
    }
    return attends && shape.length == 3 ? tokens(value, shape) : Optional.empty();
  }

  private Optional<FeatureLevel> tokens(String value, long[] shape) {
    for (int extra : EXTRA_TOKENS) {
      long side = Math.round(Math.sqrt(shape[1] - extra));
      if (side > 1 && side * side == shape[1] - extra && size % side == 0) {
        return level(value, Math.toIntExact(size / side), shape[2], Layout.TOKENS, extra, 0);
      }
    }
    return Optional.empty();
  }

  /** The stride that leaves this many cells of a side, one less at most; 0 if there is none. */
  private int stride(long cells) {
    for (int stride = 1; cells > 1 && stride <= COARSEST; stride *= 2) {
      if (size % stride == 0 && (size / stride == cells || size / stride == cells + 1)) {
        return stride;
      }
    }
    return 0;
  }

  private static Optional<FeatureLevel> level(
      String value, int stride, long channels, Layout layout, int extraTokens, long margin) {
    return Optional.of(
        new FeatureLevel(
            value,
            stride,
            Math.toIntExact(channels),
            layout,
            extraTokens,
            Math.toIntExact(margin)));
  }
}
