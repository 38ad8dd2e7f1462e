package downstream.eval.cli;

import downstream.eval.task.SelfTest;
import downstream.eval.task.Task;
import downstream.eval.task.Tasks;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code selftest}: scores reference cases with the installed evaluators. */
@Command(
    name = "selftest",
    mixinStandardHelpOptions = true,
    description = {
      "Scores bundled reference cases with every task's evaluator and prints the largest"
          + " deviation.",
      "Exit codes: 0 all within tolerance; 1 a deviation is too large; 3 no evaluator has reference"
          + " cases."
    },
    footer = {"", "Examples:", "  downstream selftest", "  downstream selftest --format json"})
public final class SelftestCommand implements Subcommand {
  private static final int FAILED = 1;
  private static final int NOT_MEASURED = 3;

  @Spec private CommandSpec spec;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: table, json or csv (default: table).")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() {
    Table table =
        new Table(
            List.of(
                "task",
                "evaluator",
                "cases",
                "metrics",
                "largest deviation",
                "tolerance",
                "worst case",
                "digest",
                "passed"));
    int tested = 0;
    boolean passed = true;
    for (Task task : Tasks.installed().values()) {
      Optional<SelfTest> result = task.selfTest();
      if (result.isEmpty()) {
        spec.commandLine().getErr().println(task.name() + ": has no reference cases, not tested");
      } else {
        add(table, task, result.get());
        tested++;
        passed &= result.get().passed();
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(table.as(format));
    out.flush();
    if (tested == 0) {
      return NOT_MEASURED;
    }
    return passed ? 0 : FAILED;
  }

  private static void add(Table table, Task task, SelfTest test) {
    // As text, since a table rounds numbers and a deviation of 1e-17 must not become 0.
    table.row(
        task.name(),
        test.version(),
        test.cases(),
        test.metrics(),
        Double.toString(test.largestDeviation()),
        Double.toString(test.tolerance()),
        test.worst(),
        test.digest(),
        test.passed() ? "yes" : "no");
  }
}
