package downstream.eval.cli;

import downstream.eval.run.Result;
import downstream.eval.run.execute.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One run as a row of the table that {@code eval} prints. */
final class OutcomeRow {
  private OutcomeRow() {}

  static List<Object> of(Outcome outcome, List<String> metrics) {
    Result result = outcome.result();
    List<Object> row = new ArrayList<>();
    row.add(result.encoder().name());
    row.add(result.data().name());
    row.add(result.task().split());
    row.add(result.seeds().declared());
    row.add(
        outcome.kind() == Outcome.Kind.REUSED
            ? "ok (stored before)"
            : result.status().name().toLowerCase(Locale.ROOT));
    metrics.forEach(metric -> row.add(result.metrics().getOrDefault(metric, Optional.empty())));
    row.add(outcome.file().toString());
    return row;
  }
}
