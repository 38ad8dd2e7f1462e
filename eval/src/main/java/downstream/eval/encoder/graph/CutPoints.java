package downstream.eval.encoder.graph;

import downstream.eval.encoder.operators.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The values that every path from the images to a target crosses, in order: the outputs of residual
 * blocks and of plain chains, never a value inside a branch.
 */
public final class CutPoints {
  private CutPoints() {}

  /**
   * @param target a value that depends on the images; the last cut
   */
  public static List<String> of(Graph graph, String target) {
    String images = graph.input().getName();
    Set<String> fromImages = graph.dependents(Set.of(images));
    List<Node> path =
        graph.leadingTo(Set.of(graph.resolve(target)), Set.of(images)).stream()
            .filter(node -> node.outputs().stream().anyMatch(fromImages::contains))
            .toList();
    Map<String, Integer> lastReads = lastReads(path, graph.resolve(target));
    Set<String> open = new HashSet<>(Set.of(images));
    List<String> cuts = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      int now = i;
      path.get(i).outputs().stream().filter(lastReads::containsKey).forEach(open::add);
      open.removeIf(value -> lastReads.getOrDefault(value, -1) <= now);
      if (open.size() == 1) {
        cuts.add(open.iterator().next());
      }
    }
    return cuts.stream().distinct().toList();
  }

  /** Position of the last node that reads each value of the path. */
  private static Map<String, Integer> lastReads(List<Node> path, String target) {
    Map<String, Integer> lastReads = new HashMap<>();
    for (int i = 0; i < path.size(); i++) {
      for (String input : path.get(i).inputs()) {
        lastReads.put(input, i);
      }
    }
    lastReads.put(target, path.size());
    return lastReads;
  }
}
