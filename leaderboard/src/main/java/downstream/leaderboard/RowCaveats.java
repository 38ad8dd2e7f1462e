package downstream.leaderboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a reader should know before believing a row or a section. */
final class RowCaveats {
  private RowCaveats() {}

  /** Of a whole section: an older task, or nothing that could be told apart in it. */
  static List<String> of(Section section) {
    List<String> marks = new ArrayList<>();
    if (section.rows().stream().allMatch(row -> row.stale().isPresent())) {
      marks.add(section.rows().get(0).stale().orElseThrow());
    }
    if (cannotRank(section)) {
      marks.add("cannot rank: the label-trained encoder is not better than the untrained one");
    }
    return marks;
  }

  /** Whether even the encoder that was trained with labels is not better than the control. */
  static boolean cannotRank(Section section) {
    Optional<Row> labelled =
        section.rows().stream()
            .filter(r -> r.method().equals(Optional.of("supervised")))
            .findFirst();
    Optional<Row> control = labelled.flatMap(section::control);
    return labelled.isPresent()
        && control.isPresent()
        && !better(section, labelled.get(), control.get());
  }

  private static boolean better(Section section, Row row, Row control) {
    String metric = section.metrics().get(0);
    SeedMean mine = row.estimate(metric);
    SeedMean other = control.estimate(metric);
    double sign = section.higherIsBetter(metric) ? 1 : -1;
    return mine.differsFrom(other)
        && sign * (mine.mean().orElse(0.0) - other.mean().orElse(0.0)) > 0;
  }

  /**
   * Whether it is to be believed, in one word: what leaves it out of the ranks first.
   *
   * @param verified as in {@link #of(Section, Row, Optional)}
   */
  static String status(Row row, Optional<String> verified) {
    if (row.isLeaked()) {
      return "leaked";
    }
    if (row.stale().isPresent()) {
      return "stale";
    }
    return verified.isPresent() ? "verified" : "self-reported";
  }

  /**
   * Of one row.
   *
   * @param verified when its runs were last scored again with the same result
   */
  static List<String> of(Section section, Row row, Optional<String> verified) {
    List<String> marks = new ArrayList<>();
    marks.add(verified.isPresent() ? "verified" : "self-reported");
    row.leak().filter(leak -> row.isLeaked()).ifPresent(leak -> marks.add("leaked: " + leak));
    row.stale().ifPresent(marks::add);
    row.leak()
        .filter(leak -> leak.alike() > 0)
        .ifPresent(leak -> marks.add(leak.alike() + " look-alikes"));
    if (row.isBaseline()) {
      marks.add("control");
    } else {
      Optional<Row> control = section.control(row);
      if (control.isEmpty()) {
        marks.add("no control");
      } else if (!better(section, row, control.get())) {
        marks.add("not better than untrained");
      }
    }
    if (row.runs().stream().anyMatch(run -> run.env().path("dirty").asBoolean())) {
      marks.add("uncommitted code");
    }
    return marks;
  }
}
