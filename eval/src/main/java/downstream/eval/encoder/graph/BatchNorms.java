package downstream.eval.encoder.graph;

import java.util.List;
import java.util.Set;

/** Batch norms of a graph: kept, or folded into convolutions by an exporter. */
public final class BatchNorms {
  /** Operators that a norm written as single nodes must contain. */
  private static final Set<String> ROOT = Set.of("Sqrt");

  private BatchNorms() {}

  /** Returns remarks on the graph that matter for its metrics: whether norms are folded. */
  public static List<String> notes(Graph graph) {
    long convolutions = graph.count(Set.of("Conv"));
    long norms = graph.count(Weights.NORMS) + graph.count(ROOT);
    return convolutions > 1 && norms == 0
        ? List.of(
            "no norm in the graph: batch statistics that the exporter folded into its "
                + convolutions
                + " convolutions stay folded, batchNorm has no effect")
        : List.of();
  }

  /**
   * Returns the behaviour of the batch norms during training: {@code none} if the graph has no
   * norms over the batch, {@code folded} if an exporter folded them into convolutions, else {@code
   * batch} or {@code frozen}.
   */
  public static String behaviour(Graph graph, boolean batchStatistics) {
    if (graph.count(Set.of("BatchNormalization")) == 0) {
      return notes(graph).isEmpty() ? "none" : "folded";
    }
    return batchStatistics ? "batch" : "frozen";
  }
}
