package downstream.eval.encoder.train;

import downstream.eval.BadInput;
import downstream.eval.encoder.graph.Graph;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.operators.Operators;
import downstream.eval.encoder.operators.Tensors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The live part of a graph that leads from some fed values to some fetched ones: the nodes whose
 * results depend on a fed value or a weight, in order. Everything else is a constant of a {@link
 * ExecutionPlan}.
 *
 * @param nodes what runs every time
 * @param probes first outputs of the nodes that only the shape of another value depends on: they
 *     run once a plan
 * @param live every value that a node of this program may read as an array
 * @param fetches resolved names, in order
 * @param releases for each node, the values that no later one reads
 */
public record Program(
    List<Node> nodes,
    Set<String> probes,
    Set<String> live,
    List<String> fetches,
    List<List<String>> releases) {

  /**
   * @param weights names of the constants that are trained
   * @throws BadInput if a fetched value does not exist or depends on an input that is not fed, or
   *     if operators are missing, all named at once
   */
  public static Program of(
      String file, Graph graph, Set<String> weights, Set<String> feeds, List<String> fetches) {
    List<String> resolved = fetches.stream().map(graph::resolve).toList();
    Set<String> sources = new HashSet<>(weights);
    feeds.forEach(feed -> sources.add(graph.resolve(feed)));
    Set<String> live = graph.dependents(sources);
    List<Node> leading = graph.leadingTo(new HashSet<>(resolved), sources);
    checkFed(graph, leading, sources, resolved);
    List<Node> nodes = leading.stream().filter(node -> isLive(node, live)).toList();
    Operators.check(file, nodes);
    List<Node> fused = Fusion.fuse(nodes, scalars(graph), kept(resolved, leading, live));
    return new Program(fused, probes(fused, resolved), live, resolved, releases(fused, resolved));
  }

  private static boolean isLive(Node node, Set<String> live) {
    return node.outputs().stream().anyMatch(live::contains);
  }

  private static void checkFed(
      Graph graph, List<Node> leading, Set<String> sources, List<String> fetches) {
    Set<String> computed = new HashSet<>(sources);
    computed.addAll(graph.constants().keySet());
    computed.add("");
    leading.forEach(node -> computed.addAll(node.outputs()));
    List<String> missing = new ArrayList<>();
    fetches.stream().filter(fetch -> !computed.contains(fetch)).forEach(missing::add);
    leading.stream()
        .flatMap(node -> node.inputs().stream())
        .filter(input -> !computed.contains(input))
        .forEach(missing::add);
    if (!missing.isEmpty()) {
      throw new BadInput(
          "value '" + missing.get(0) + "'",
          "is neither fed nor computed by the graph",
          "Choose one of the graph's values: " + known(graph));
    }
  }

  private static List<String> known(Graph graph) {
    return graph.nodes().stream()
        .map(Node::output)
        .filter(name -> !name.contains("/"))
        .limit(40)
        .toList();
  }

  /** Fetched values, and those whose shape is asked for: a fusion must not swallow them. */
  private static Set<String> kept(List<String> fetches, List<Node> leading, Set<String> live) {
    Set<String> kept = new HashSet<>(fetches);
    leading.stream()
        .filter(node -> !isLive(node, live))
        .forEach(node -> kept.addAll(node.inputs()));
    return kept;
  }

  private static Map<String, Float> scalars(Graph graph) {
    Map<String, Float> scalars = new HashMap<>();
    graph
        .constants()
        .forEach(
            (name, tensor) -> {
              if (Tensors.isFloat(tensor) && Tensors.size(tensor) == 1) {
                scalars.put(name, Tensors.floats(tensor)[0]);
              }
            });
    return scalars;
  }

  private static Set<String> probes(List<Node> nodes, List<String> fetches) {
    Set<String> wanted = new HashSet<>(fetches);
    Set<String> probes = new HashSet<>();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (nodes.get(i).outputs().stream().anyMatch(wanted::contains)) {
        wanted.addAll(nodes.get(i).inputs());
      } else {
        probes.add(nodes.get(i).output());
      }
    }
    return probes;
  }

  private static List<List<String>> releases(List<Node> nodes, List<String> fetches) {
    Set<String> later = new HashSet<>(fetches);
    Deque<List<String>> reversed = new ArrayDeque<>();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      List<String> last = new ArrayList<>();
      List<String> touched = new ArrayList<>(nodes.get(i).inputs());
      touched.addAll(nodes.get(i).outputs());
      for (String value : touched) {
        if (later.add(value)) {
          last.add(value);
        }
      }
      reversed.push(last);
    }
    return List.copyOf(reversed);
  }

  /** Returns the number of nodes that run every time. */
  public int size() {
    return nodes.size() - probes.size();
  }
}
