package downstream.leaderboard;

import downstream.eval.cli.Table;
import downstream.eval.run.Result;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Fields in which the protocols and data of two sides differ. */
public final class SettingDifferences {
  private SettingDifferences() {}

  /** Every field of protocol, data and task that the two sides do not share. */
  public static Table of(ComparisonSide a, ComparisonSide b) {
    Map<String, Set<String>> left = fields(a);
    Map<String, Set<String>> right = fields(b);
    TreeSet<String> names = new TreeSet<>(left.keySet());
    names.addAll(right.keySet());
    Table table = new Table(List.of("field", "A", "B"), List.of("field", "a", "b"));
    Set<String> absent = Set.of();
    for (String name : names) {
      Set<String> x = left.getOrDefault(name, absent);
      Set<String> y = right.getOrDefault(name, absent);
      if (!x.equals(y)) {
        table.row(name, String.join(" | ", x), String.join(" | ", y));
      }
    }
    return table;
  }

  private static Map<String, Set<String>> fields(ComparisonSide side) {
    Map<String, Set<String>> fields = new TreeMap<>();
    for (StoredRunFinder.FoundRun found : side.runs()) {
      Result run = found.result();
      String task = run.task().name();
      add(fields, task + " version", run.task().version());
      add(
          fields,
          task + " data",
          run.data().name()
              + "/"
              + run.task().split()
              + " "
              + run.data().fingerprint().substring(0, 8));
      run.protocol()
          .settings()
          .properties()
          .forEach(field -> add(fields, task + " " + field.getKey(), field.getValue().toString()));
    }
    return fields;
  }

  private static void add(Map<String, Set<String>> fields, String name, String value) {
    fields.computeIfAbsent(name, key -> new TreeSet<>()).add(value);
  }
}
