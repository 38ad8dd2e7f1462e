package downstream.leaderboard.statistics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Holm's correction (1979) of p-values for the number of comparisons made together. */
public final class Holm {
  private Holm() {}

  /** The corrected values in the order of the given ones; each at most 1. */
  public static List<Double> adjust(List<Double> p) {
    List<Integer> order =
        IntStream.range(0, p.size()).boxed().sorted(Comparator.comparing(p::get)).toList();
    List<Double> adjusted = new ArrayList<>(Collections.nCopies(p.size(), 1.0));
    double largest = 0;
    for (int rank = 0; rank < order.size(); rank++) {
      largest = Math.max(largest, Math.min(1, (p.size() - rank) * p.get(order.get(rank))));
      adjusted.set(order.get(rank), largest);
    }
    return adjusted;
  }
}
