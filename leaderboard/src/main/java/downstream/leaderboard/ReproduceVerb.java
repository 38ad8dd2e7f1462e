package downstream.leaderboard;

import downstream.eval.BadInput;
import downstream.eval.cli.DeviceOption;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Table;
import downstream.eval.cli.Verb;
import downstream.eval.run.Outcome;
import downstream.eval.run.Repetition;
import downstream.eval.run.Result;
import downstream.eval.run.Results;
import downstream.leaderboard.gate.Baselines;
import downstream.leaderboard.ledger.RunScan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reproduce RUN}: does a stored run again and says whether it came out the same. */
@Command(
    name = "reproduce",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Does a stored run again from its record alone: encoder and data are found by their digests.",
      "Names every input that is not what it was before it spends time."
    },
    footer = {
      "",
      "Says REPRODUCED exactly (every metric and stored prediction the same), REPRODUCED within",
      "noise (inside the prediction interval of the run's other seeds), or NOT REPRODUCED.",
      "Exit codes: 0 reproduced; 1 not; 2 bad input; 3 an input is not here or was changed.",
      "",
      "Examples:",
      "  downstream reproduce runs/mae/…/run-0.json --out again",
      "  downstream reproduce runs/mae/…/run-0.json --out again --encoder mae.onnx --data scenes"
    })
public final class ReproduceVerb implements Verb {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "A run: run-SEED.json.")
  private Path run;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where the new run is stored: a new folder.")
  private Path out;

  @Option(
      names = "--encoder",
      paramLabel = "FILE",
      description = "The encoder, if it does not lie where the run's command says.")
  private List<Path> encoders = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "The data set, if it does not lie where it lay.")
  private @Nullable Path data;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Default: as many as the run had; another number may change the last digits.")
  private int threads;

  @Mixin private DeviceOption device;

  @Option(names = "--check", description = "Only look at the inputs; run nothing.")
  private boolean check;

  @Option(names = "--format", paramLabel = "FORMAT", description = "table, json, csv or markdown.")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws IOException {
    Result stored = Results.read(run);
    PrintWriter err = spec.commandLine().getErr();
    Repetition repetition = Repetition.of(stored, encoders, Optional.ofNullable(data));
    List<String> defects = Results.defects(run, stored);
    defects.forEach(defect -> err.println("the record: " + defect));
    repetition.obstacles().forEach(obstacle -> err.println("differs: " + obstacle));
    repetition.notes().forEach(note -> err.println("note: " + note));
    err.flush();
    if (!repetition.obstacles().isEmpty() || !defects.isEmpty()) {
      err.println("cannot succeed: nothing was run");
      err.flush();
      return 3;
    }
    if (check) {
      err.println("every input is what it was");
      err.flush();
      return 0;
    }
    if (Files.exists(out.resolve("downstream-runs.json"))) {
      throw new BadInput(out, "holds runs already", "Choose a new folder, or it proves nothing");
    }
    int asked = threads > 0 ? threads : stored.env().path("threads").asInt(1);
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(asked));
    return judge(
        stored,
        repetition.run(
            out,
            asked,
            device.choose(),
            line -> {
              err.println(line);
              err.flush();
            }));
  }

  private int judge(Result stored, Outcome outcome) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Result again = outcome.result();
    if (again.status() != Result.Status.OK) {
      err.println("NOT REPRODUCED: the run failed: " + again.reason().orElse(""));
      err.flush();
      return 3;
    }
    Table table =
        new Table(List.of("metric", "stored", "again", "difference", "allowed", "verdict"));
    boolean exact = again.id().equals(stored.id());
    boolean noise = true;
    for (String metric : stored.metrics().keySet()) {
      Optional<Double> then = value(stored, metric);
      Optional<Double> now = value(again, metric);
      boolean same = then.equals(now);
      Optional<Double> allowed = same ? Optional.empty() : allowed(stored, metric);
      Optional<Double> difference = then.flatMap(t -> now.map(n -> n - t));
      boolean within =
          same
              || (difference.isPresent()
                  && allowed.isPresent()
                  && Math.abs(difference.get()) <= allowed.get());
      noise &= within;
      table.row(
          metric,
          then,
          now,
          difference,
          allowed,
          same ? "the same" : within ? "within noise" : "DIFFERS");
    }
    spec.commandLine().getOut().print(table.as(format));
    spec.commandLine().getOut().flush();
    boolean trained = stored.seeds().observed().equals(again.seeds().observed());
    err.println(
        exact
            ? "REPRODUCED exactly: every metric and the stored predictions are the same"
            : (noise ? "REPRODUCED within noise" : "NOT REPRODUCED")
                + "; first batches and last weights are "
                + (trained ? "the same" : "others"));
    err.flush();
    return exact || noise ? 0 : 1;
  }

  private static Optional<Double> value(Result run, String metric) {
    return run.metrics().getOrDefault(metric, Optional.empty());
  }

  /** Prediction interval for one more run, of the sound runs that lie beside the stored one. */
  private Optional<Double> allowed(Result stored, String metric) throws IOException {
    Path folder = Objects.requireNonNull(run.toAbsolutePath().getParent());
    double[] values =
        RunScan.of(List.of(folder)).results().stream()
            .filter(r -> r.encoder().digest().equals(stored.encoder().digest()))
            .flatMap(r -> value(r, metric).stream())
            .mapToDouble(v -> v)
            .toArray();
    if (values.length < 2) {
      return Optional.empty();
    }
    double t =
        new TDistribution(values.length - 1)
            .inverseCumulativeProbability((1 + Baselines.CONFIDENCE) / 2);
    return Optional.of(t * Math.sqrt(StatUtils.variance(values) * (1 + 1.0 / values.length)));
  }
}
