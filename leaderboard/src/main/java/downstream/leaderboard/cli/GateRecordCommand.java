package downstream.leaderboard.cli;

import downstream.eval.BadInput;
import downstream.leaderboard.gate.Baseline;
import downstream.leaderboard.gate.BaselineRecorder;
import downstream.leaderboard.gate.Baselines;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gate record}: writes the baseline that {@code gate} checks runs against. */
@Command(
    name = "record",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Records the metrics of runs as the baseline for later ones.",
    footer = {
      "",
      "Exit codes: 0 written; 2 bad input; 3 no runs to record.",
      "",
      "Examples:",
      "  downstream gate record --runs runs --baseline baselines.yaml --why 'release 1.2'",
      "  downstream gate record --runs runs --baseline baselines.yaml --tier replay --metric AP50",
      "  downstream gate record --runs runs --baseline baselines.yaml --metric AP --metric"
          + " tide.Dupe"
    })
final class GateRecordCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--runs",
      required = true,
      paramLabel = "DIR",
      description = "Folder with runs; repeatable.")
  private List<Path> folders;

  @Option(
      names = "--baseline",
      required = true,
      paramLabel = "FILE",
      description = "File to write; an existing one is replaced.")
  private Path baseline;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description =
          "Metric to record; repeatable (default: each task's primary metric). Error costs count"
              + " too, such as tide.Dupe.")
  private List<String> metrics = new ArrayList<>();

  @Option(
      names = "--tier",
      paramLabel = "TIER",
      description = "Tier to record: replay or training (default: both).")
  private Baseline.@Nullable Tier tier;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description =
          "Allowed difference of new trainings (default: the prediction interval of the seeds).")
  private @Nullable Double tolerance;

  @Option(
      names = "--confidence",
      paramLabel = "P",
      description =
          "Confidence level of the prediction intervals (default: 0.99, one false alarm in a"
              + " hundred).")
  private double confidence = Baselines.CONFIDENCE;

  @Option(names = "--why", paramLabel = "TEXT", description = "Reason, stored in the file.")
  private @Nullable String why;

  @Override
  public Integer call() throws IOException {
    if (tolerance != null && !(tolerance >= 0 && Double.isFinite(tolerance))) {
      throw new BadInput(
          "--tolerance",
          "expected a number of 0 or more, found " + tolerance,
          "Give 0 or a positive number");
    }
    PrintWriter err = spec.commandLine().getErr();
    StoredRunFinder scan = StoredRunFinder.of(folders);
    scan.leftOut().forEach(left -> err.println("left out " + left.file() + ": " + left.reason()));
    if (scan.runs().isEmpty()) {
      err.println("no runs to record in " + folders);
      err.flush();
      return 3;
    }
    List<Baseline> recorded = recorder().of(scan.runs());
    try {
      new Baselines(Baselines.SCHEMA, confidence, recorded).write(baseline);
    } catch (IllegalArgumentException e) {
      throw new BadInput(
          baseline, String.valueOf(e.getMessage()), "Change the options of `gate record`", e);
    }
    err.println(recorded.size() + " baselines of " + scan.runs().size() + " runs: " + baseline);
    err.flush();
    return 0;
  }

  private BaselineRecorder recorder() {
    return new BaselineRecorder(
        metrics,
        Optional.ofNullable(tolerance),
        Optional.ofNullable(why),
        LocalDate.now(ZoneOffset.UTC).toString(),
        tier == null ? List.of(Baseline.Tier.TRAINING, Baseline.Tier.REPLAY) : List.of(tier));
  }
}
