package downstream.eval.encoder.train;

import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.graph.CutPoints;
import downstream.eval.encoder.graph.Graph;
import downstream.eval.encoder.graph.Weights;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.runtime.ValueShapes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The layers of an encoder by depth, and its stages.
 *
 * <p>A layer is what lies between two successive {@link CutPoints}, as far as it holds weights: the
 * patch embedding or stem, each residual block, a norm behind them. The two halves of a transformer
 * block are one layer: what follows an attention (a Softmax) belongs to it.
 *
 * <p>The first layer, a stem or patch embedding, is a stage; so is each run of later layers whose
 * results have one stride. Where all of them share a stride, as in a plain Vision Transformer, each
 * layer is a stage.
 */
public final class LayerGroups {
  private final Map<String, Integer> layerOfWeight = new LinkedHashMap<>();
  private final List<String> ends = new ArrayList<>();
  private final Set<Integer> attending = new TreeSet<>();
  private final EncoderFile file;

  /** Groups of the layers on the path to all levels. */
  public LayerGroups(EncoderFile file) {
    this(file, file.levelValues());
  }

  /**
   * @param values that a head reads, the coarsest last
   */
  LayerGroups(EncoderFile file, List<String> values) {
    this.file = file;
    Graph graph = file.graph();
    List<String> cuts = cuts(file, values.get(values.size() - 1));
    Map<Node, Integer> segments = segments(graph, cuts);
    Set<String> weights = file.weightsBehind(values);
    Map<Integer, Integer> layerOf = layers(graph, segments, weights, cuts);
    for (Node node : graph.nodes()) {
      for (String input : node.inputs()) {
        if (weights.contains(input) && segments.containsKey(node)) {
          layerOfWeight.putIfAbsent(input, layerOf.get(segments.get(node)));
        }
      }
    }
    weights.forEach(weight -> layerOfWeight.putIfAbsent(weight, 0));
  }

  /** A patch embedding of several convolutions is one layer, hence has no cut inside. */
  private static List<String> cuts(EncoderFile file, String target) {
    List<String> cuts = CutPoints.of(file.graph(), target);
    boolean stem = file.hasSpec() && file.spec().vit().filter(VitArchitecture::piConv).isPresent();
    return stem ? cuts.subList(cuts.indexOf(VitArchitecture.PATCHES), cuts.size()) : cuts;
  }

  /** Number of cuts that each node of the path depends on. */
  private static Map<Node, Integer> segments(Graph graph, List<String> cuts) {
    Map<String, Integer> passed = new HashMap<>();
    Map<Node, Integer> segments = new HashMap<>();
    for (Node node : graph.nodes()) {
      int segment =
          node.inputs().stream().mapToInt(in -> passed.getOrDefault(in, 0)).max().orElse(0);
      segments.put(node, segment);
      for (String output : node.outputs()) {
        int cut = cuts.indexOf(output);
        passed.put(output, cut < 0 ? segment : cut + 1);
      }
    }
    return segments;
  }

  private Map<Integer, Integer> layers(
      Graph graph, Map<Node, Integer> segments, Set<String> weights, List<String> cuts) {
    boolean[] opens = new boolean[cuts.size() + 1];
    boolean[] attends = new boolean[cuts.size() + 1];
    int lastWeighted = 0;
    for (Node node : graph.nodes()) {
      int segment = segments.getOrDefault(node, 0);
      boolean weighted = node.inputs().stream().anyMatch(weights::contains);
      opens[segment] |= weighted && Weights.PRODUCTS.contains(node.operator());
      attends[segment] |= node.operator().equals("Softmax");
      lastWeighted =
          weighted && segment < cuts.size() ? Math.max(lastWeighted, segment) : lastWeighted;
    }
    opens[lastWeighted] = true;
    Map<Integer, Integer> layerOf = new HashMap<>();
    boolean afterAttention = false;
    for (int segment = 0; segment < cuts.size(); segment++) {
      if (ends.isEmpty() || (opens[segment] && !afterAttention)) {
        ends.add(cuts.get(segment));
      }
      ends.set(ends.size() - 1, cuts.get(segment));
      layerOf.put(segment, ends.size() - 1);
      if (attends[segment]) {
        attending.add(ends.size() - 1);
      }
      afterAttention = attends[segment] || (afterAttention && !opens[segment]);
    }
    layerOf.put(cuts.size(), ends.size() - 1);
    return layerOf;
  }

  /** Returns the output of each transformer block, from the images on. */
  List<String> blocks() {
    return attending.stream().map(ends::get).toList();
  }

  /** Number of layers. */
  public int count() {
    return ends.size();
  }

  /** The learning rate of each weight in units of the last layer's. */
  Map<String, Double> rates(double decay) {
    Map<String, Double> rates = new LinkedHashMap<>();
    layerOfWeight.forEach(
        (weight, layer) -> rates.put(weight, Math.pow(decay, count() - 1 - layer)));
    return rates;
  }

  /** The stage of each weight, 0 for the one next to the images. */
  public Map<String, Integer> stageOfWeight() {
    int size = file.spec().imageSize();
    Map<String, long[]> shapes = ValueShapes.of(file, size);
    List<Long> extents =
        ends.stream()
            .map(end -> extent(Objects.requireNonNull(shapes.get(file.graph().resolve(end)))))
            .toList();
    boolean plain = extents.stream().skip(1).distinct().count() <= 1;
    List<Integer> stages = new ArrayList<>();
    for (int layer = 0; layer < extents.size(); layer++) {
      boolean same = layer > 1 && extents.get(layer).equals(extents.get(layer - 1)) && !plain;
      int last = stages.isEmpty() ? -1 : stages.get(layer - 1);
      stages.add(same ? last : last + 1);
    }
    Map<String, Integer> stageOfWeight = new LinkedHashMap<>();
    layerOfWeight.forEach((weight, layer) -> stageOfWeight.put(weight, stages.get(layer)));
    return stageOfWeight;
  }

  /** A dimension that shrinks with the stride: rows of a map, or tokens. */
  private static long extent(long[] shape) {
    return shape.length == 4 && shape[2] == shape[3] ? shape[2] : shape[1];
  }
}
