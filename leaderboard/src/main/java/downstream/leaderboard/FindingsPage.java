package downstream.leaderboard;

import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Table;
import downstream.eval.run.Result;
import downstream.eval.suite.PlannedComparison;
import downstream.leaderboard.Findings.Finding;
import downstream.leaderboard.statistics.Interval;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Findings in words: a sentence each, with the command that shows the numbers behind it. */
public final class FindingsPage {
  private static final List<String> TITLES =
      List.of(
          "task",
          "data",
          "protocol",
          "metric",
          "A",
          "B",
          "mean A",
          "mean B",
          "A − B",
          "95% low",
          "95% high",
          "p",
          "p Holm",
          "n A",
          "n B",
          "smallest shown");

  private static final List<String> KEYS =
      List.of(
          "task",
          "data",
          "protocol",
          "metric",
          "a",
          "b",
          "mean_a",
          "mean_b",
          "difference",
          "ci_low",
          "ci_high",
          "p_value",
          "p_value_holm",
          "n_a",
          "n_b",
          "smallest_shown");

  private FindingsPage() {}

  /** One sentence. */
  public static String sentence(Finding finding) {
    PlannedComparison planned = finding.planned();
    if (finding.missing().isPresent()) {
      return planned.a() + " against " + planned.b() + ": not measured, " + finding.missing().get();
    }
    Comparison comparison = finding.comparison().orElseThrow();
    Result run = comparison.a().runs().get(0).result();
    String verdict =
        finding.differs()
            ? (finding.difference() > 0 == isHigherBetter(run, comparison.metric())
                ? " is better than "
                : " is worse than ")
            : " is not shown to differ from ";
    return run.task().name()
        + " on "
        + run.data().name()
        + ", "
        + run.protocol().name()
        + ": "
        + planned.a()
        + verdict
        + planned.b()
        + String.format(
            Locale.ROOT,
            " (%s %+.4f, %s, p = %.3g, %.3g after Holm's correction; %s)",
            comparison.metric(),
            finding.difference(),
            finding.interval().map(FindingsPage::interval).orElse("no interval with one seed"),
            finding.p().orElseThrow(),
            finding.holm().orElseThrow(),
            evidence(finding, comparison));
  }

  private static boolean isHigherBetter(Result run, String metric) {
    return run.task().higherIsBetter().getOrDefault(metric, true);
  }

  private static String interval(Interval interval) {
    return String.format(
        Locale.ROOT, "95%% interval %+.4f to %+.4f", interval.low(), interval.high());
  }

  private static String evidence(Finding finding, Comparison comparison) {
    int a = count(comparison.a(), comparison.metric());
    int b = count(comparison.b(), comparison.metric());
    if (finding.planned().images()) {
      int images = comparison.a().runs().get(0).result().data().evaluation().images();
      return images + " images, for these trained models";
    }
    String unit = comparison.a().unit() + "s";
    return finding.planned().paired() ? a + " pairs of " + unit : a + " and " + b + " " + unit;
  }

  private static int count(ComparisonSide side, String metric) {
    return side.values(metric).map(List::size).orElse(0);
  }

  /** The command behind a finding. */
  static String command(Finding finding, String runs) {
    PlannedComparison planned = finding.planned();
    StringBuilder command = new StringBuilder("downstream compare ");
    command.append("'" + planned.a() + "' '" + planned.b() + "' --runs " + runs);
    finding.comparison().ifPresent(c -> command.append(" --metric ").append(c.metric()));
    return command.append(planned.paired() ? " --paired" : "").toString();
  }

  /** One row a finding. */
  public static Table table(List<Finding> findings) {
    Table table = new Table(TITLES, KEYS);
    for (Finding finding : findings) {
      if (finding.comparison().isPresent()) {
        row(table, finding, finding.comparison().get());
      }
    }
    return table;
  }

  private static void row(Table table, Finding finding, Comparison comparison) {
    Result run = comparison.a().runs().get(0).result();
    boolean seeds = !finding.planned().images();
    table.row(
        run.task().name(),
        run.data().name() + "/" + run.task().split(),
        run.protocol().name() + " " + run.protocol().fingerprint().substring(0, 8),
        comparison.metric(),
        finding.planned().a(),
        finding.planned().b(),
        mean(comparison.a(), comparison.metric()),
        mean(comparison.b(), comparison.metric()),
        finding.difference(),
        finding.interval().map(Interval::low),
        finding.interval().map(Interval::high),
        finding.p(),
        finding.holm(),
        count(comparison.a(), comparison.metric()),
        count(comparison.b(), comparison.metric()),
        seeds ? comparison.seeds().flatMap(s -> s.smallest()) : Optional.empty());
  }

  private static Optional<Double> mean(ComparisonSide side, String metric) {
    return side.values(metric)
        .map(values -> values.stream().mapToDouble(v -> v).average().orElseThrow());
  }

  /**
   * The page, in Markdown.
   *
   * @param runs folder of the runs, for the commands
   */
  public static String of(List<Finding> findings, String runs) {
    StringBuilder page = new StringBuilder("# Findings\n\n");
    page.append(
        "Comparisons that were chosen before the runs, in their order, with 95% intervals; p-values"
            + " are corrected over all of them (Holm).\nWhere an interval includes zero, no"
            + " difference is shown. That does not prove that there is none.\n");
    for (int i = 0; i < findings.size(); i++) {
      page.append("\n").append(i + 1).append(". ").append(sentence(findings.get(i)));
      page.append("  \n   `").append(command(findings.get(i), runs)).append("`");
    }
    page.append("\n\n").append(table(findings).as(OutputFormat.MARKDOWN));
    return page.toString();
  }
}
