package downstream.pretrain.mining.report;

import downstream.eval.data.annotation.Box;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.mining.pairs.Neighbour;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;

/**
 * The share of neighbours that have a class of the query, where both have boxes. Chance level: the
 * same queries, each with any other image that has boxes; exact, counted over all of them.
 */
final class ImageNeighbourAgreement {
  private final Map<Set<Long>, Long> imagesByClasses = new HashMap<>();
  private final ObjectLabels truth;
  private final ToDoubleBiFunction<Set<Long>, Set<Long>> measure;
  private double agreeing;
  private double byChance;
  private long counted;

  private ImageNeighbourAgreement(
      ObjectLabels groundTruth, ToDoubleBiFunction<Set<Long>, Set<Long>> measure) {
    this.truth = groundTruth;
    this.measure = measure;
  }

  /** Rows for {@link MiningStatistics}; none where nothing could be counted. */
  static List<MiningStatistics.Agreement> of(MinedPairs mined, ObjectLabels groundTruth) {
    List<MiningStatistics.Agreement> rows = new ArrayList<>();
    ImageNeighbourAgreement sharing =
        new ImageNeighbourAgreement(groundTruth, ImageNeighbourAgreement::share);
    sharing.row("neighbours that share a class", mined).ifPresent(rows::add);
    ImageNeighbourAgreement overlap =
        new ImageNeighbourAgreement(groundTruth, ImageNeighbourAgreement::overlap);
    overlap.row("overlap of the neighbours' classes", mined).ifPresent(rows::add);
    return rows;
  }

  private Optional<MiningStatistics.Agreement> row(String what, MinedPairs mined) {
    for (int image = 0; image < mined.size(); image++) {
      imagesByClasses.merge(classes(image), 1L, Long::sum);
    }
    imagesByClasses.remove(Set.of());
    for (int image = 0; image < mined.size(); image++) {
      add(mined, image);
    }
    return counted == 0
        ? Optional.empty()
        : Optional.of(
            new MiningStatistics.Agreement(what, agreeing / counted, byChance / counted, counted));
  }

  private Set<Long> classes(int image) {
    Set<Long> classes = new HashSet<>();
    truth.boxes(image).stream().map(Box::category).forEach(classes::add);
    return classes;
  }

  private void add(MinedPairs mined, int query) {
    Set<Long> own = classes(query);
    if (own.isEmpty()) {
      return;
    }
    double chance = chance(own);
    for (Neighbour neighbour : mined.neighbours(query)) {
      Set<Long> other = classes(neighbour.image());
      if (!other.isEmpty()) {
        counted++;
        agreeing += measure.applyAsDouble(own, other);
        byChance += chance;
      }
    }
  }

  /** The mean over all images but one with these classes. */
  private double chance(Set<Long> own) {
    double sum = -measure.applyAsDouble(own, own);
    long all = -1;
    for (Map.Entry<Set<Long>, Long> entry : imagesByClasses.entrySet()) {
      all += entry.getValue();
      sum += entry.getValue() * measure.applyAsDouble(own, entry.getKey());
    }
    return sum / all;
  }

  private static double share(Set<Long> some, Set<Long> others) {
    return some.stream().anyMatch(others::contains) ? 1 : 0;
  }

  private static double overlap(Set<Long> some, Set<Long> others) {
    double common = some.stream().filter(others::contains).count();
    return common / (some.size() + others.size() - common);
  }
}
