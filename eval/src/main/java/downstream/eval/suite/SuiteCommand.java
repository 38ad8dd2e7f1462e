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

/** {@code suite FILE}: works off a grid of encoders, tasks, data and seeds. */
@Command(
    name = "suite",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Works off a grid of encoders × tasks × data × seeds, pretraining included"
          + " (docs/guide/suites.md).",
      "What is done is not done again; a part that fails leaves the others to go on."
    },
    footer = {
      "",
      "Exit codes: 0 every part is there; 2 bad input; 3 a part failed or was skipped.",
      "",
      "Examples:",
      "  downstream suite suites/demo.yaml --out demo --dry-run",
      "  downstream suite suites/transfer.yaml --out transfer --set images=photos \\",
      "      --set detection=bccd.yaml --set segmentation=camvid.yaml --set encoder=my.onnx",
      "  downstream suite suites/transfer.yaml … --out transfer --shard 3/8"
    })
public final class SuiteCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The suite, as YAML.")
  private Path file;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Its folder: a new one, or where it was begun; default: the file's name.")
  private @Nullable Path out;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Gives a parameter of the suite its value; may be repeated.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description = "Do the I-th of N shares: no controls, no board.")
  private String shard = "1/1";

  @Option(
      names = "--encoders-only",
      description = "Only make data sets and encoders; evaluate nothing.")
  private boolean encodersOnly;

  @Mixin private ThreadsOption threadsOption;

  @Mixin private DeviceOption device;

  @Option(
      names = "--dry-run",
      description = "Only show the parts, the disk and the time they need; measures a few steps.")
  private boolean dryRun;

  @Option(names = "--format", paramLabel = "FORMAT", description = "table, json, csv or markdown.")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws IOException, InterruptedException {
    int threads = threadsOption.use();
    Path folder = out == null ? Path.of(stem(file)) : out;
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

  private static String stem(Path file) {
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
