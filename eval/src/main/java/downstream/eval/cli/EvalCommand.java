package downstream.eval.cli;

import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.data.DataSets;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.run.ControlPolicy;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.RunStore;
import downstream.eval.run.execute.Controls;
import downstream.eval.run.execute.Outcome;
import downstream.eval.run.execute.Runner;
import downstream.eval.task.Protocol;
import downstream.eval.task.Protocols;
import downstream.eval.task.Task;
import downstream.eval.task.Tasks;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eval ENCODER…}: fine-tunes encoders under a protocol and scores them. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fine-tunes encoders under a protocol, scores them and stores each run.",
      "Every evaluation split of the data set is scored. Runs that are stored are not done again."
    },
    footer = {
      "",
      "Exit codes: 0 all runs are there; 2 bad input; 3 a run failed (and is stored as failed).",
      "",
      "Examples:",
      "  downstream eval mae.onnx random.onnx --task detection --data scenes --protocol small \\",
      "      --seeds 3 --out runs",
      "  downstream eval mae.onnx --task segmentation --data camvid.yaml --protocol linear-frozen"
          + " \\",
      "      --set schedule.steps=200 --out runs --dry-run"
    })
public final class EvalCommand implements Subcommand {
  /** Of the metrics, as many as fit beside the rest; CSV and JSON have them all. */
  private static final int SHOWN_METRICS = 6;

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "ENCODER", description = "ONNX files.")
  private List<Path> encoders;

  @Option(names = "--task", required = true, paramLabel = "T", description = "See `ls`.")
  private String task;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "D",
      description = "A data set: its YAML file, or a folder with data.yaml.")
  private Path data;

  @Option(
      names = "--protocol",
      required = true,
      paramLabel = "P",
      description = "A protocol's name (see `ls`), or a YAML file.")
  private String protocol;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Changes one field of the protocol; may be repeated.")
  private List<String> assignments = new ArrayList<>();

  @Option(names = "--seeds", paramLabel = "N", description = "How many seeds to run; default 1.")
  private int seeds = 1;

  @Option(names = "--first-seed", paramLabel = "N", description = "The first of them; default 0.")
  private long firstSeed;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where runs are stored: a new folder, or one with earlier runs.")
  private Path out;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Use only N pictures of each split: a trial that is never ranked.")
  private int limit;

  @Mixin private ThreadsOption threadsOption;

  @Mixin private DeviceOption device;

  @Option(names = "--figures", paramLabel = "N", description = "Pictures drawn per run; default 4.")
  private int figures = 4;

  @Option(
      names = "--control",
      paramLabel = "WHO",
      description =
          "The same graph with random weights is scored, too, unless that is stored: with"
              + " (default), only (nothing else), apart (by another call), none (the run says so).")
  private ControlPolicy control = ControlPolicy.WITH;

  @Option(
      names = "--certificate",
      paramLabel = "N",
      description =
          "Do the first N steps twice, to know whether training is exact here; default 2, 0: none.")
  private int certificate = 2;

  @Option(names = "--dry-run", description = "Only show what would be done.")
  private boolean dryRun;

  @Option(names = "--format", paramLabel = "FORMAT", description = "table, json or csv.")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws IOException {
    requireAtLeast("--seeds", seeds, 1);
    requireAtLeast("--limit", limit, 0);
    requireAtLeast("--figures", figures, 0);
    requireAtLeast("--certificate", certificate, 0);
    requireAtLeast("--first-seed", firstSeed, 0);
    int threads = threadsOption.use();
    EvaluationRequest evaluation = evaluation(threads);
    PrintWriter err = spec.commandLine().getErr();
    if (dryRun) {
      return plan(evaluation);
    }
    RunStore store = RunStore.open(out, evaluation.room());
    evaluation.data().train().warnings().forEach(warning -> err.println("warning: " + warning));
    err.println("device: " + evaluation.device());
    List<Outcome> outcomes = measure(evaluation, store, log(err));
    print(outcomes(evaluation.task(), outcomes));
    new Controls(evaluation, store).notBetter().forEach(log(err));
    return outcomes.stream().anyMatch(o -> o.kind() == Outcome.Kind.FAILED) ? 3 : 0;
  }

  private List<Outcome> measure(EvaluationRequest evaluation, RunStore store, Consumer<String> log)
      throws IOException {
    Runner runner = new Runner(store, Clock.systemUTC(), log);
    List<Outcome> outcomes = new ArrayList<>();
    if (evaluation.control() != ControlPolicy.ONLY) {
      outcomes.addAll(runner.run(evaluation));
    }
    if (scoresControls(evaluation)) {
      outcomes.addAll(runner.run(new Controls(evaluation, store).asked(log)));
    }
    return outcomes;
  }

  private static boolean scoresControls(EvaluationRequest evaluation) {
    return evaluation.control() == ControlPolicy.WITH || evaluation.control() == ControlPolicy.ONLY;
  }

  private static void requireAtLeast(String option, long value, int least) {
    if (value < least) {
      throw new BadInput(option, "expected at least " + least + ", found " + value, "Change it");
    }
  }

  private EvaluationRequest evaluation(int threads) {
    Device where = device.choose();
    Task chosen = Tasks.named(task);
    Protocol resolved = Protocols.load(chosen, protocol, assignments);
    List<EncoderFile> files = encoders.stream().map(EncoderFile::read).toList();
    // Refused here already, also by a dry run, not when an encoder's turn comes after hours.
    resolved
        .imageSize()
        .ifPresent(size -> files.forEach(encoder -> EncoderRewrites.atSize(encoder, size)));
    return new EvaluationRequest(
        files,
        chosen,
        DataSets.open(data),
        resolved,
        LongStream.range(firstSeed, firstSeed + seeds).boxed().toList(),
        limit,
        threads,
        where,
        figures,
        control,
        certificate,
        Stream.concat(Stream.of("downstream"), typed().stream()).toList(),
        data.toAbsolutePath().normalize().toString());
  }

  private List<String> typed() {
    return spec.root().commandLine().getParseResult().originalArgs();
  }

  private int plan(EvaluationRequest evaluation) {
    Table table = new Table(List.of("encoder", "split", "seed", "state", "protocol", "run"));
    String fingerprint = evaluation.protocol().fingerprint().substring(0, 12);
    RunStore store = RunStore.at(out);
    store.refuseForeign();
    Runner runner = new Runner(store, Clock.systemUTC(), why -> {});
    for (Runner.Planned run : runner.plan(evaluation)) {
      table.row(
          run.encoder(), run.split(), run.seed(), run.state(), fingerprint, run.file().toString());
    }
    print(table);
    PrintWriter err = spec.commandLine().getErr();
    if (scoresControls(evaluation)) {
      new Controls(evaluation, store)
          .missing()
          .forEach(encoder -> err.println("and as often the control of " + encoder.name()));
    }
    err.println("nothing was run; about " + (evaluation.room() >> 20) + " MiB of disk needed");
    return 0;
  }

  private Table outcomes(Task chosen, List<Outcome> outcomes) {
    List<String> metrics = chosen.metrics().stream().map(metric -> metric.name()).toList();
    if (format == OutputFormat.TABLE) {
      metrics = metrics.subList(0, Math.min(SHOWN_METRICS, metrics.size()));
    }
    List<String> columns = new ArrayList<>(List.of("encoder", "data", "split", "seed", "status"));
    columns.addAll(metrics);
    columns.add("run");
    Table table = new Table(columns);
    for (Outcome outcome : outcomes) {
      table.row(OutcomeRow.of(outcome, metrics));
    }
    return table;
  }

  private void print(Table table) {
    spec.commandLine().getOut().print(table.as(format));
    spec.commandLine().getOut().flush();
  }

  private static Consumer<String> log(PrintWriter err) {
    return line -> {
      err.println(line);
      err.flush();
    };
  }
}
