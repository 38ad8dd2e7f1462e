package downstream.leaderboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Caveats of a row or a section: what a reader should know before trusting it. */
final class RowCaveats {
  private RowCaveats() {}

  /** Caveats of a whole section: an older task version, or no encoder better than the control. */
  static List<String> of(LeaderboardTable section) {
    List<String> caveats = new ArrayList<>();
    if (section.rows().stream().allMatch(row -> row.stale().isPresent())) {
      caveats.add(section.rows().get(0).stale().orElseThrow());
    }
    if (cannotRank(section)) {
      caveats.add("cannot rank: the supervised encoder is not better than the random-init control");
    }
    return caveats;
  }

  /** Tells whether even the supervised encoder is not better than the random-init control. */
  static boolean cannotRank(LeaderboardTable section) {
    Optional<LeaderboardRow> labelled =
        section.rows().stream()
            .filter(r -> r.method().equals(Optional.of("supervised")))
            .findFirst();
    Optional<LeaderboardRow> control = labelled.flatMap(section::control);
    return labelled.isPresent()
        && control.isPresent()
        && !better(section, labelled.get(), control.get());
  }

  private static boolean better(
      LeaderboardTable section, LeaderboardRow row, LeaderboardRow control) {
    String metric = section.metrics().get(0);
    SeedMean mine = row.estimate(metric);
    SeedMean other = control.estimate(metric);
    double sign = section.higherIsBetter(metric) ? 1 : -1;
    return mine.differsFrom(other)
        && sign * (mine.mean().orElse(0.0) - other.mean().orElse(0.0)) > 0;
  }

  /**
   * Status of a row in one word; what leaves it out of the ranks comes first.
   *
   * @param verified as in {@link #of(LeaderboardTable, LeaderboardRow, Optional)}
   */
  static String status(LeaderboardRow row, Optional<String> verified) {
    if (row.isLeaked()) {
      return "leaked";
    }
    if (row.stale().isPresent()) {
      return "stale";
    }
    return verified.isPresent() ? "verified" : "self-reported";
  }

  /**
   * Caveats of one row.
   *
   * @param verified when its runs were last scored again with the same result
   */
  static List<String> of(LeaderboardTable section, LeaderboardRow row, Optional<String> verified) {
    List<String> caveats = new ArrayList<>();
    caveats.add(verified.isPresent() ? "verified" : "self-reported");
    row.leak().filter(leak -> row.isLeaked()).ifPresent(leak -> caveats.add("leaked: " + leak));
    row.stale().ifPresent(caveats::add);
    row.leak()
        .filter(leak -> leak.similar() > 0)
        .ifPresent(leak -> caveats.add(leak.similar() + " similar to pretraining images"));
    if (row.isControl()) {
      caveats.add("control");
    } else {
      Optional<LeaderboardRow> control = section.control(row);
      if (control.isEmpty()) {
        caveats.add("no control");
      } else if (!better(section, row, control.get())) {
        caveats.add("not better than random init");
      }
    }
    if (row.runs().stream().anyMatch(run -> run.env().path("dirty").asBoolean())) {
      caveats.add("uncommitted code");
    }
    return caveats;
  }
}
