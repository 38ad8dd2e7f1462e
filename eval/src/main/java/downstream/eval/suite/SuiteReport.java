package downstream.eval.suite;

import downstream.eval.cli.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Outcome of every part of a suite. */
public final class SuiteReport {
  private final List<Line> lines = new ArrayList<>();

  /** Outcome of a part. */
  enum State {
    /** Part that was stored before. */
    DONE_BEFORE,
    RAN,
    FAILED,
    /** Part that was skipped, since one that it needs failed. */
    SKIPPED
  }

  private record Line(String part, State state, String reason) {}

  void add(String part, State state, String reason) {
    lines.add(new Line(part, state, reason));
  }

  private long count(State state) {
    return lines.stream().filter(line -> line.state() == state).count();
  }

  /** Tells whether every part is stored now. */
  public boolean isWhole() {
    return count(State.FAILED) + count(State.SKIPPED) == 0;
  }

  boolean isNew() {
    return count(State.DONE_BEFORE) < lines.size();
  }

  boolean is(String part, State state) {
    return lines.stream().anyMatch(line -> line.part().equals(part) && line.state() == state);
  }

  /** One sentence. */
  public String summary() {
    if (!isNew()) {
      return "nothing to do: all " + lines.size() + " parts were done before";
    }
    return String.format(
        Locale.ROOT,
        "%d parts: %d ran, %d done before, %d failed, %d skipped",
        lines.size(),
        count(State.RAN),
        count(State.DONE_BEFORE),
        count(State.FAILED),
        count(State.SKIPPED));
  }

  /** Every part with its state, and why it failed or was skipped. */
  Table table() {
    Table table = new Table(List.of("part", "state", "reason"));
    for (Line line : lines) {
      String state = line.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      table.row(line.part(), state, line.reason());
    }
    return table;
  }
}
