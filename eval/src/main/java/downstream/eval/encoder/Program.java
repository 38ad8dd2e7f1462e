package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.BadInput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The part of a graph that leads from some fed values to some fetched ones: nodes in order, each
 * value freed after its last use.
 */
final class Program {
  private final List<Node> nodes;
  private final List<String> fetches;
  private final List<List<String>> releases;

  private Program(List<Node> nodes, List<String> fetches) {
    this.nodes = nodes;
    this.fetches = fetches;
    this.releases = releases(nodes, fetches);
  }

  /**
   * @param graph all nodes, in topological order
   * @param constants names of initialisers
   * @param scalars the constants of one element, for pattern matching
   * @throws BadInput if a fetched value does not exist, or depends on an input that is not fed
   */
  static Program of(
      List<Node> graph,
      Set<String> constants,
      Map<String, Float> scalars,
      Set<String> feeds,
      List<String> fetches) {
    Map<String, Node> producers = new HashMap<>();
    graph.forEach(node -> node.outputs().forEach(output -> producers.put(output, node)));
    Set<Node> needed = new HashSet<>();
    Set<String> reached = new HashSet<>(feeds);
    Deque<String> open = new ArrayDeque<>(fetches);
    while (!open.isEmpty()) {
      String value = open.pop();
      if (value.isEmpty() || constants.contains(value) || !reached.add(value)) {
        continue;
      }
      Node producer = producers.get(value);
      if (producer == null) {
        throw new BadInput(
            "value '" + value + "'",
            "is neither fed nor computed by the graph",
            "Known: " + known(graph));
      }
      needed.add(producer);
      open.addAll(producer.inputs());
    }
    List<Node> ordered = graph.stream().filter(needed::contains).toList();
    return new Program(
        new GeluFusion(ordered, scalars, new HashSet<>(fetches)).fuse(), List.copyOf(fetches));
  }

  List<Node> nodes() {
    return nodes;
  }

  /**
   * Runs the program.
   *
   * @param constants every float initialiser
   * @param integers every int64 initialiser
   * @param scope owns the results and whatever autograd does not keep
   */
  Map<String, NDArray> run(
      Map<String, NDArray> constants,
      Map<String, long[]> integers,
      Map<String, NDArray> feeds,
      NDManager scope) {
    Map<String, NDArray> live = new HashMap<>(constants);
    live.putAll(feeds);
    Set<String> foreign = new HashSet<>(live.keySet());
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      NDList results = Operators.apply(new Operands(node, live, integers));
      for (int k = 0; k < node.outputs().size(); k++) {
        NDArray result = results.get(k);
        result.attach(scope);
        live.put(node.outputs().get(k), result);
      }
      release(releases.get(i), live, foreign);
    }
    Map<String, NDArray> fetched = new LinkedHashMap<>();
    for (String fetch : fetches) {
      NDArray value = live.get(fetch);
      if (value == null) {
        throw new IllegalStateException("value was not computed: " + fetch);
      }
      fetched.put(fetch, value);
    }
    return fetched;
  }

  private static void release(List<String> values, Map<String, NDArray> live, Set<String> foreign) {
    for (String value : values) {
      NDArray array = foreign.contains(value) ? null : live.remove(value);
      if (array != null) {
        array.close();
      }
    }
  }

  /** For each node, the values that no later node reads. */
  private static List<List<String>> releases(List<Node> nodes, Collection<String> fetches) {
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

  private static List<String> known(List<Node> graph) {
    return graph.stream().map(Node::output).filter(name -> !name.contains("/")).limit(40).toList();
  }
}
