package downstream.eval.suite;

import downstream.eval.Device;
import downstream.eval.Json;
import downstream.eval.cli.DeviceOption;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.eval.cli.Table;
import downstream.eval.cli.ThreadsOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code suite FILE}: runs every combination of encoders, tasks, data sets and seeds of a file. */
@Command(
    name = "suite",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs every combination of encoders, tasks, data sets and seeds of a file, pretraining"
          + " included (docs/guide/suites.md).",
      "Skips what is stored already. After a failure the remaining parts still run."
    },
    footer = {
      "",
      "Exit codes: 0 every part is done; 2 bad input; 3 a part failed or was skipped.",
      "",
      "Examples:",
      "  downstream suite suites/demo.yaml --out demo --dry-run",
      "  downstream suite suites/transfer.yaml --out transfer --set images=photos \\",
      "      --set detection=bccd.yaml --set segmentation=camvid.yaml --set encoder=my.onnx",
      "  downstream suite suites/transfer.yaml … --out transfer --shard 3/8"
    })
public final class SuiteCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "Suite file, YAML.")
  private Path file;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Output folder: a new one, or that of an interrupted run (default: the file's name"
              + " without extension).")
  private @Nullable Path out;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Value of a parameter of the suite; repeatable.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description =
          "Share of the suite: the I-th of N; controls and leaderboard are left out (default: 1/1,"
              + " all).")
  private String shard = "1/1";

  @Option(
      names = "--encoders-only",
      description = "Make data sets and encoders, and evaluate nothing.")
  private boolean encodersOnly;

  @Mixin private ThreadsOption threadsOption;

  @Mixin private DeviceOption device;

  @Option(
      names = "--dry-run",
      description =
          "Show the parts with the time and disk space they need, measured on a few steps, without"
              + " running them.")
  private boolean dryRun;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: table, json, csv or markdown (default: table).")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws IOException, InterruptedException {
    int threads = threadsOption.use();
    Path folder = out == null ? Path.of(nameWithoutExtension(file)) : out;
    Shard share = Shard.parse(shard);
    SuiteFile read = SuiteFile.of(file, Json.readYaml(file), assignments);
    SuiteFolder.refuseForeign(folder);
    Suite suite = SuiteResolver.of(read, folder, !encodersOnly);
    Device where = device.choose();
    StoredRuns stored = new StoredRuns(suite, folder.resolve("runs"), threads, where);
    SuiteExecution run =
        new SuiteExecution(suite, folder, share, stored, new CommandRunner(threads, where, log()));
    if (dryRun) {
      SuiteEstimate forecast = new SuiteEstimate(stored, threads, where);
      print(forecast.of(run.preparations(), share.of(suite.cells())));
      log().accept(forecast.summary());
      return 0;
    }
    SuiteFolder.claim(folder);
    SuiteReport report = run.run();
    log().accept("");
    log().accept("suite: " + report.summary());
    print(report.table());
    return report.isWhole() ? 0 : 3;
  }

  private static String nameWithoutExtension(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
  }

  private void print(Table table) {
    spec.commandLine().getOut().print(table.as(format));
    spec.commandLine().getOut().flush();
  }

  private Consumer<String> log() {
    PrintWriter err = spec.commandLine().getErr();
    return line -> {
      err.println(line);
      err.flush();
    };
  }
}
