package downstream.leaderboard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An encoder's mean over the primary metrics of all sections that have a score of it.
 *
 * @param k sections that it was averaged over
 * @param n sections there are; sections that cannot rank are not among them
 */
record Overall(String encoder, double mean, int k, int n) {
  /** Those of all sections first, by mean; then those that lack some. Empty for one section. */
  static List<Overall> of(List<Section> all) {
    List<Section> sections = all.stream().filter(s -> !RowCaveats.cannotRank(s)).toList();
    if (sections.size() < 2) {
      return List.of();
    }
    Map<String, List<Double>> means = new LinkedHashMap<>();
    for (Section section : sections) {
      String metric = section.metrics().get(0);
      for (Row row : section.rows().stream().filter(Row::isRanked).toList()) {
        row.estimate(metric)
            .mean()
            .ifPresent(
                mean ->
                    means
                        .computeIfAbsent(
                            row.encoder() + " " + row.digest12(), key -> new ArrayList<>())
                        .add(mean));
      }
    }
    return means.entrySet().stream()
        .map(e -> of(e.getKey(), e.getValue(), sections.size()))
        .sorted(
            Comparator.comparing(Overall::k)
                .thenComparing(Overall::mean)
                .reversed()
                .thenComparing(Overall::encoder))
        .toList();
  }

  private static Overall of(String encoder, List<Double> means, int sections) {
    double mean = means.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    return new Overall(encoder, mean, means.size(), sections);
  }
}
