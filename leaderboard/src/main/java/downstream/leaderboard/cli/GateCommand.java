package downstream.leaderboard.cli;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.eval.cli.Table;
import downstream.leaderboard.gate.Baseline;
import downstream.leaderboard.gate.Baselines;
import downstream.leaderboard.gate.Gate;
import downstream.leaderboard.gate.JUnitReport;
import downstream.leaderboard.gate.Verdict;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gate}: checks runs against a baseline. */
@Command(
    name = "gate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = GateRecordCommand.class,
    description = {
      "Checks runs against a recorded baseline.",
      "Stored predictions must give the same metrics to 1e-9. New trainings must be inside the",
      "prediction interval of the baseline's seeds."
    },
    footer = {
      "",
      "Exit codes: 0 passed; 1 a metric is worse; 2 bad input; 3 a metric could not be measured,",
      "or there was nothing to compare; 4 a metric is better than the baseline allows.",
      "",
      "Examples:",
      "  downstream gate record --runs runs --baseline baselines.yaml",
      "  downstream gate --runs new-runs --baseline baselines.yaml --junit gate.xml"
    })
public final class GateCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description = "Baseline file, as `gate record` writes it.")
  private @Nullable Path baseline;

  @Mixin private RunsOption runs;

  @Mixin private DataOption data;

  @Option(
      names = "--tier",
      paramLabel = "TIER",
      description = "Tier to check: replay or training (default: both).")
  private Baseline.@Nullable Tier tier;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "File to write a JUnit XML report to.")
  private @Nullable Path junit;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: table, json, csv or markdown (default: table).")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws IOException {
    if (baseline == null) {
      throw new BadInput("--baseline", "is missing", "Give the file that `gate record` wrote");
    }
    PrintWriter err = spec.commandLine().getErr();
    List<Verdict> verdicts = Files.exists(baseline) ? verdicts(baseline, err) : List.of();
    if (verdicts.isEmpty()) {
      boolean there = Files.exists(baseline);
      err.println(there ? "nothing to compare" : "no such baseline file: " + baseline);
    }
    if (junit != null) {
      AtomicFile.write(junit, JUnitReport.of(verdicts).getBytes(StandardCharsets.UTF_8));
    }
    verdicts.stream()
        .filter(verdict -> verdict.kind() != Verdict.Kind.PASSED)
        .forEach(verdict -> err.println(line(verdict)));
    spec.commandLine().getOut().print(table(verdicts).as(format));
    spec.commandLine().getOut().flush();
    int code = Verdict.exitCode(verdicts);
    err.println(verdicts.size() + " comparisons; exit code " + code);
    err.flush();
    return code;
  }

  private static String line(Verdict verdict) {
    return verdict.kind() == Verdict.Kind.NOT_MEASURED
        ? verdict.baseline().id() + ": could not measure: " + verdict.note()
        : verdict.baseline().id() + ": " + verdict.sentence();
  }

  private List<Verdict> verdicts(Path file, PrintWriter err) throws IOException {
    Baselines baselines = Baselines.read(file);
    List<Path> given = runs.folders();
    List<Path> there = given.stream().filter(Files::isDirectory).toList();
    given.stream()
        .filter(folder -> !there.contains(folder))
        .forEach(folder -> err.println("no such folder of runs: " + folder));
    StoredRunFinder scan = StoredRunFinder.of(there);
    scan.leftOut().forEach(left -> err.println("left out " + left.file() + ": " + left.reason()));
    return new Gate(scan, data.finder(), baselines.confidence())
        .judge(
            baselines.baselines().stream().filter(b -> tier == null || b.tier() == tier).toList());
  }

  private static Table table(List<Verdict> verdicts) {
    Table table =
        new Table(
            List.of(
                "verdict",
                "tier",
                "baseline",
                "metric",
                "expected",
                "measured",
                "difference",
                "allowed",
                "runs",
                "remark"));
    for (Verdict verdict : verdicts) {
      Baseline baseline = verdict.baseline();
      Optional<Double> allowed = verdict.allowed();
      table.row(
          verdict.kind().text(),
          baseline.tier().name().toLowerCase(java.util.Locale.ROOT),
          baseline.id(),
          baseline.metric(),
          verdict.expected(),
          verdict.measured(),
          verdict.difference(),
          allowed,
          verdict.runs(),
          verdict.note());
    }
    return table;
  }
}
