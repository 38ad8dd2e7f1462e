package downstream.eval.encoder.operators;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The Markdown table of operators: how many of ONNX's vectors pass, which are skipped and why. */
final class OperatorTable {
  private static final String BEGIN = "<!-- operators:begin -->\n";
  private static final String END = "<!-- operators:end -->";

  private OperatorTable() {}

  /**
   * What came of a vector.
   *
   * @param skipped why it was not run, or ""
   * @param wrong how it failed, or ""
   */
  record Outcome(String operator, String vector, String skipped, String wrong) {
    boolean passed() {
      return skipped.isEmpty() && wrong.isEmpty();
    }
  }

  /** The document with the table between its markers. */
  static String insert(String document, List<Outcome> outcomes) {
    int begin = document.indexOf(BEGIN);
    int end = document.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException("the document lacks " + BEGIN.strip() + " and " + END);
    }
    return document.substring(0, begin + BEGIN.length())
        + markdown(outcomes)
        + document.substring(end);
  }

  private static String markdown(List<Outcome> outcomes) {
    Map<String, List<Outcome>> byOperator =
        outcomes.stream()
            .collect(Collectors.groupingBy(Outcome::operator, TreeMap::new, Collectors.toList()));
    StringBuilder table = new StringBuilder();
    table.append("\n| operator | vectors passed | our own cases | vectors skipped, and why |\n");
    table.append("|---|---:|---:|---|\n");
    List<OperatorCase> all = OperatorCases.all();
    for (String operator : Operators.names()) {
      List<Outcome> mine = byOperator.getOrDefault(operator, List.of());
      long passed = mine.stream().filter(Outcome::passed).count();
      long cases = all.stream().filter(one -> one.operator().equals(operator)).count();
      table.append("| %s | %d | %d | %s |%n".formatted(operator, passed, cases, skipped(mine)));
    }
    return table.append('\n').toString();
  }

  private static String skipped(List<Outcome> outcomes) {
    Map<String, Long> reasons =
        outcomes.stream()
            .filter(outcome -> !outcome.skipped().isEmpty())
            .collect(Collectors.groupingBy(Outcome::skipped, TreeMap::new, Collectors.counting()));
    return reasons.entrySet().stream()
        .map(reason -> reason.getValue() + ": " + reason.getKey())
        .collect(Collectors.joining("; "));
  }
}
