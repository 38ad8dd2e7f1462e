package downstream.leaderboard.cli;

import downstream.eval.BadInput;
import downstream.eval.cli.DeviceOption;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.eval.cli.ThreadsOption;
import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import downstream.eval.run.execute.Outcome;
import downstream.eval.run.execute.ReproductionPlan;
import downstream.leaderboard.ComparisonSide;
import downstream.leaderboard.Reproduction;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reproduce RUN|ROW}: repeats stored runs and tells whether their metrics are the same. */
@Command(
    name = "reproduce",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Repeats a stored run, or every run of a row of the leaderboard, from its record alone.",
      "Finds encoder and data set by their digests. Before running, lists every input that has"
          + " changed."
    },
    footer = {
      "",
      "Prints REPRODUCED exactly (every metric and stored prediction is the same), REPRODUCED"
          + " within",
      "noise (the difference is within the spread of the other seeds), or NOT REPRODUCED.",
      "Exit codes: 0 reproduced; 1 not reproduced; 2 bad input; 3 an input is missing or was"
          + " changed.",
      "",
      "Examples:",
      "  downstream reproduce runs/mae/…/run-0.json --out again",
      "  downstream reproduce runs/mae/…/run-0.json --out again --encoder mae.onnx --data scenes",
      "  downstream reproduce mae --section detection --runs runs --out again"
    })
public final class ReproduceCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN|ROW",
      description =
          "Run (run-SEED.json), or row: an encoder's name, or 6 or more digits of its digest.")
  private String what;

  @Option(
      names = "--section",
      paramLabel = "TEXT",
      description =
          "Part of the title of the row's section: task, data set, protocol or a digest (default:"
              + " any).")
  private String section = "";

  @Mixin private RunsOption runs;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Output folder for the new runs; must be new.")
  private Path out;

  @Option(
      names = "--encoder",
      paramLabel = "FILE",
      description = "Encoder that has moved since the run; repeatable.")
  private List<Path> encoders = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Data set of the run, if it has moved (default: the path stored in the run).")
  private @Nullable Path data;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Number of threads (default: as many as the run had; another number may change the last"
              + " digits).")
  private @Nullable Integer threads;

  @Mixin private DeviceOption device;

  @Option(names = "--check", description = "Check the inputs without running anything.")
  private boolean check;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: table, json, csv or markdown (default: table).")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws IOException {
    refuseBadOptions();
    List<Path> asked = Files.isRegularFile(Path.of(what)) ? List.of(Path.of(what)) : row();
    if (!check && Files.exists(out.resolve("downstream-runs.json"))) {
      throw new BadInput(out, "holds runs already", "Choose a new folder for --out");
    }
    List<Integer> codes = new ArrayList<>();
    for (Path run : asked) {
      if (asked.size() > 1) {
        say(run.toString());
      }
      codes.add(reproduce(run));
    }
    // A run that differs says more than one that could not be measured.
    return Stream.of(1, 3).filter(codes::contains).findFirst().orElse(0);
  }

  private void refuseBadOptions() {
    if (threads != null && threads < 1) {
      throw new BadInput(
          "--threads", "must be at least 1, not " + threads, "Give a positive number of threads");
    }
    if (Files.isDirectory(Path.of(what))) {
      throw new BadInput(what, "is a folder", "Give a run's file in it, or an encoder of --runs");
    }
    for (Path encoder : encoders) {
      if (!Files.isRegularFile(encoder)) {
        throw new BadInput(
            encoder, "no such encoder file", "Give the path of an .onnx file with --encoder");
      }
    }
    if (data != null && !Files.exists(data)) {
      throw new BadInput(data, "no such data set", "Give its YAML or folder with --data");
    }
  }

  /** The files of the row's runs. */
  private List<Path> row() throws IOException {
    ComparisonSide encoder = ComparisonSide.named(what, StoredRunFinder.of(runs.folders()).runs());
    List<String> all =
        encoder.runs().stream()
            .map(run -> ComparisonSide.evaluationKey(run.result()))
            .distinct()
            .sorted()
            .toList();
    List<String> sections =
        all.stream()
            .filter(q -> q.toLowerCase(Locale.ROOT).contains(section.toLowerCase(Locale.ROOT)))
            .toList();
    if (sections.size() != 1) {
      throw new BadInput(
          what + " --section '" + section + "'",
          "is in " + sections.size() + " sections; its sections are: " + titles(all),
          "Choose one of them with --section");
    }
    return encoder.under(sections.get(0)).runs().stream()
        .map(StoredRunFinder.FoundRun::file)
        .toList();
  }

  /** Section titles in one line each, with digests cut to 12 digits. */
  private static List<String> titles(List<String> evaluationKeys) {
    return evaluationKeys.stream()
        .map(q -> q.replace("\n", ", ").replaceAll("([0-9a-f]{12})[0-9a-f]{52}", "$1"))
        .toList();
  }

  private int reproduce(Path run) throws IOException {
    Result stored = ResultFile.read(run);
    ReproductionPlan repetition =
        ReproductionPlan.of(run, stored, encoders, Optional.ofNullable(data));
    List<String> defects = ResultFile.defects(run, stored);
    defects.forEach(defect -> say("the record: " + defect));
    repetition.obstacles().forEach(obstacle -> say("differs: " + obstacle));
    repetition.notes().forEach(note -> say("note: " + note));
    if (!repetition.obstacles().isEmpty() || !defects.isEmpty()) {
      say("nothing was run, since the inputs differ");
      return 3;
    }
    if (check) {
      say("every input is unchanged");
      return 0;
    }
    int then = stored.env().path("threads").asInt(1);
    int count = threads != null ? threads : then;
    if (count != then) {
      say(
          "note: threads were "
              + then
              + ", are "
              + count
              + ": the last digits may differ, since sums are taken in another order");
    }
    ThreadsOption.tellEngine(count);
    return judge(run, stored, repetition.run(out, count, device.choose(), this::say));
  }

  private int judge(Path run, Result stored, Outcome outcome) throws IOException {
    Result again = outcome.result();
    if (again.status() != Result.Status.OK) {
      say("NOT REPRODUCED: the run failed: " + again.reason().orElse(""));
      return 3;
    }
    Reproduction reproduction = Reproduction.of(run, stored, again);
    PrintWriter printer = spec.commandLine().getOut();
    printer.print(reproduction.metrics().as(format));
    printer.flush();
    say(reproduction.verdict());
    return reproduction.exact() || reproduction.withinNoise() ? 0 : 1;
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
