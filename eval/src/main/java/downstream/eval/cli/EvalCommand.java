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
import downstream.eval.train.Trace;
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
      "Scores every evaluation split of the data set. Skips runs that are stored already."
    },
    footer = {
      "",
      "Exit codes: 0 every run is stored; 2 bad input; 3 a run failed (and is stored as failed).",
      "",
      "Examples:",
      "  downstream eval mae.onnx random.onnx --task detection --data scenes --protocol small \\",
      "      --seeds 3 --out runs",
      "  downstream eval mae.onnx --task segmentation --data camvid.yaml --protocol linear-frozen"
          + " \\",
      "      --set schedule.steps=200 --out runs --dry-run"
    })
public final class EvalCommand implements Subcommand {
  /** Number of metrics that fit into the table; CSV and JSON have them all. */
  private static final int SHOWN_METRICS = 6;

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "ENCODER", description = "Encoders, .onnx files.")
  private List<Path> encoders;

  @Option(
      names = "--task",
      required = true,
      paramLabel = "NAME",
      description = "Task name, as `ls` lists them.")
  private String task;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DATA",
      description = "Data set: a data YAML, or a folder with data.yaml.")
  private Path data;

  @Option(
      names = "--protocol",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Protocol: a name that `ls` lists, or a YAML file.")
  private String protocol;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change to one field of the protocol; repeatable.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Number of runs per encoder, each with its own random seed (default: 1).")
  private int seeds = 1;

  @Option(
      names = "--first-seed",
      paramLabel = "N",
      description = "Random seed of the first run; later runs count up from it (default: 0).")
  private long firstSeed;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Output folder for runs: a new one, or one with earlier runs.")
  private Path out;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "Number of images to use per split, for a trial that is never ranked (default: 0, all).")
  private int limit;

  @Mixin private ThreadsOption threadsOption;

  @Mixin private DeviceOption device;

  @Option(
      names = "--plots",
      paramLabel = "N",
      description = "Number of example images to plot per run (default: 4).")
  private int plots = 4;

  @Option(
      names = "--control",
      paramLabel = "POLICY",
      description =
          "Random-init control: `with` runs it too (default), `only` runs nothing else, `separate`"
              + " leaves it to another call, `none` skips it.")
  private ControlPolicy control = ControlPolicy.WITH;

  @Option(
      names = "--determinism-check",
      paramLabel = "N",
      description =
          "Number of training steps to run twice, to check that training is deterministic here"
              + " (default: 2; 0 skips the check).")
  private int determinismSteps = 2;

  @Mixin private TraceOption traceOption;

  @Option(
      names = "--dry-run",
      description = "Show the planned runs and the disk space they need, without running them.")
  private boolean dryRun;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: table, json or csv (default: table).")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws IOException {
    requireAtLeast("--seeds", seeds, 1);
    requireAtLeast("--limit", limit, 0);
    requireAtLeast("--plots", plots, 0);
    requireAtLeast("--determinism-check", determinismSteps, 0);
    requireAtLeast("--first-seed", firstSeed, 0);
    int threads = threadsOption.use();
    if (dryRun) {
      return plan(evaluation(threads, Trace.OFF));
    }
    try (Trace trace = traceOption.open()) {
      return run(evaluation(threads, trace));
    }
  }

  private int run(EvaluationRequest evaluation) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    RunStore store = RunStore.open(out, evaluation.diskBytes());
    evaluation.data().train().warnings().forEach(warning -> err.println("warning: " + warning));
    err.println("device: " + evaluation.device());
    List<Outcome> outcomes = measure(evaluation, store, log(err));
    print(table(evaluation.task(), outcomes));
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
      throw new BadInput(
          option,
          "expected at least " + least + ", found " + value,
          "Give a number of at least " + least);
    }
  }

  private EvaluationRequest evaluation(int threads, Trace trace) {
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
        plots,
        control,
        determinismSteps,
        Stream.concat(Stream.of("downstream"), typed().stream()).toList(),
        data.toAbsolutePath().normalize().toString(),
        trace);
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
          .forEach(
              encoder ->
                  err.println("and as many runs of the random-init control of " + encoder.name()));
    }
    err.println("nothing was run; about " + (evaluation.diskBytes() >> 20) + " MiB of disk needed");
    return 0;
  }

  private Table table(Task chosen, List<Outcome> outcomes) {
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
