package downstream.pretrain.mining;

import downstream.eval.data.Box;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How many neighbours share a class with the query, of those where both have boxes. Chance: the
 * same queries, each with any other image that has boxes; exact, counted over all of them.
 */
final class NeighbourAgreement {
  private final Map<Set<Long>, Long> imagesByClasses = new HashMap<>();
  private final Truth truth;
  private double agreeing;
  private double byChance;
  private long counted;

  private NeighbourAgreement(Truth truth) {
    this.truth = truth;
  }

  /** Empty where nothing could be counted. */
  static Optional<Numbers.Agreement> of(Mined mined, Truth truth) {
    NeighbourAgreement agreement = new NeighbourAgreement(truth);
    for (int image = 0; image < mined.size(); image++) {
      agreement.imagesByClasses.merge(agreement.classes(image), 1L, Long::sum);
    }
    agreement.imagesByClasses.remove(Set.of());
    for (int image = 0; image < mined.size(); image++) {
      agreement.add(mined, image);
    }
    return agreement.counted == 0 ? Optional.empty() : Optional.of(agreement.row());
  }

  private Numbers.Agreement row() {
    return new Numbers.Agreement(
        "neighbours that share a class", agreeing / counted, byChance / counted, counted);
  }

  private Set<Long> classes(int image) {
    Set<Long> classes = new HashSet<>();
    truth.boxes(image).stream().map(Box::category).forEach(classes::add);
    return classes;
  }

  private void add(Mined mined, int query) {
    Set<Long> own = classes(query);
    if (own.isEmpty()) {
      return;
    }
    double chance = chance(own);
    for (Neighbour neighbour : mined.neighbours(query)) {
      Set<Long> other = classes(neighbour.image());
      if (!other.isEmpty()) {
        counted++;
        agreeing += share(own, other) ? 1 : 0;
        byChance += chance;
      }
    }
  }

  /** Of all images but one with these classes. */
  private double chance(Set<Long> own) {
    long sharing = -1;
    long all = -1;
    for (Map.Entry<Set<Long>, Long> entry : imagesByClasses.entrySet()) {
      all += entry.getValue();
      sharing += share(own, entry.getKey()) ? entry.getValue() : 0;
    }
    return (double) sharing / all;
  }

  private static boolean share(Set<Long> some, Set<Long> others) {
    return some.stream().anyMatch(others::contains);
  }
}
