package downstream.pretrain.mining;

import java.util.List;

/** What was found for one query image: neighbours, and for each of them the pairs. */
record Match(List<Neighbour> neighbours, List<List<Pair>> pairs) {
  Match {
    neighbours = List.copyOf(neighbours);
    pairs = List.copyOf(pairs);
  }
}
