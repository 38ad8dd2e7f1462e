package downstream.leaderboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The runs of two sides that answer one question: the same one, unless compared across. */
public record MatchedSides(ComparisonSide a, ComparisonSide b) {
  /** Every question that both sides answer. */
  public static List<MatchedSides> of(ComparisonSide a, ComparisonSide b) {
    return keys(a).stream()
        .map(key -> new MatchedSides(a.under(key), b.under(key)))
        .filter(match -> !match.b().runs().isEmpty())
        .toList();
  }

  /** Every question of a against every one of b about the same task. */
  public static List<MatchedSides> across(ComparisonSide a, ComparisonSide b) {
    List<MatchedSides> matches = new ArrayList<>();
    for (String x : keys(a)) {
      for (String y : keys(b)) {
        if (x.lines().findFirst().equals(y.lines().findFirst())) {
          matches.add(new MatchedSides(a.under(x), b.under(y)));
        }
      }
    }
    return matches;
  }

  private static Set<String> keys(ComparisonSide side) {
    TreeSet<String> keys = new TreeSet<>();
    side.runs().forEach(run -> keys.add(ComparisonSide.evaluationKey(run.result())));
    return keys;
  }
}
