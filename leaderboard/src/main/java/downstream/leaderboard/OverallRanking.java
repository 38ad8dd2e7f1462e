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
record OverallRanking(String encoder, double mean, int k, int n) {
  /**
   * Ranks the encoders over all sections: first those that are in every section, by mean; then
   * those that lack some. Empty for one section.
   */
  static List<OverallRanking> of(List<LeaderboardTable> all) {
    List<LeaderboardTable> sections = all.stream().filter(s -> !RowCaveats.cannotRank(s)).toList();
    if (sections.size() < 2) {
      return List.of();
    }
    Map<String, List<Double>> means = new LinkedHashMap<>();
    for (LeaderboardTable section : sections) {
      String metric = section.metrics().get(0);
      for (LeaderboardRow row : section.rows().stream().filter(LeaderboardRow::isRanked).toList()) {
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
            Comparator.comparing(OverallRanking::k)
                .thenComparing(OverallRanking::mean)
                .reversed()
                .thenComparing(OverallRanking::encoder))
        .toList();
  }

  private static OverallRanking of(String encoder, List<Double> means, int sections) {
    double mean = means.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    return new OverallRanking(encoder, mean, means.size(), sections);
  }
}
