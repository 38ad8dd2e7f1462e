package downstream.pretrain.mining.pairs;

import java.util.List;

/** What was found for one query image: neighbours, and for each of them the pairs. */
public record Match(List<Neighbour> neighbours, List<List<Pair>> pairs) {
  public Match {
    neighbours = List.copyOf(neighbours);
    pairs = List.copyOf(pairs);
  }
}
