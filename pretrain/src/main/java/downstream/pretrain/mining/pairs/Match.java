package downstream.pretrain.mining.pairs;

import java.util.List;

/** The neighbours of one query image, and the pairs with each of them. */
public record Match(List<Neighbour> neighbours, List<List<Pair>> pairs) {
  public Match {
    neighbours = List.copyOf(neighbours);
    pairs = List.copyOf(pairs);
  }
}
