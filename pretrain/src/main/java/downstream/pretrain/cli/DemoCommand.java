package downstream.pretrain.cli;

import downstream.eval.BadInput;
import downstream.eval.cli.DeviceOption;
import downstream.eval.cli.Main;
import downstream.eval.cli.Subcommand;
import downstream.eval.cli.ThreadsOption;
import downstream.eval.suite.SuiteReport;
import downstream.eval.suite.Suites;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code demo}: from nothing to a filled leaderboard with plots. It is a suite, {@code
 * suites/demo.yaml}; it is beside the pretraining methods because it compares them.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the whole chain on generated images, up to a leaderboard with plots.",
      "Generates scenes, pretrains MAE on them and goes on with IOCA, trains heads for",
      "classification, segmentation and detection on these encoders and a random-init one, ranks",
      "them and says in a sentence each what was found.",
      "Takes minutes on two cores; shows every command before it runs."
    })
public final class DemoCommand implements Subcommand {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Output folder, must be new (default: demo).")
  private Path out = Path.of("demo");

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Random seed for scenes, weights and runs (default: 0).")
  private long seed;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description =
          "Size of the demo: standard, or tiny, which takes seconds and whose scores mean nothing"
              + " (default: standard).")
  private String size = "standard";

  @Mixin private ThreadsOption threadsOption;

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    long start = System.nanoTime();
    int threads = threadsOption.use();
    String suite = suite();
    List<String> values = List.of("seed=" + seed);
    SuiteReport report =
        Suites.run(suite, text(suite), values, out, threads, device.choose(), this::say);
    say("demo: " + report.summary());
    if (!report.isWhole()) {
      return 3;
    }
    Path plots = DemoPlots.collect(out);
    say(String.format(Locale.ROOT, "demo: done in %.0f s", (System.nanoTime() - start) * 1e-9));
    say("board:    " + out.resolve("board").resolve("leaderboard.md"));
    say("plots:    " + plots);
    say("page:     " + out.resolve("board").resolve("leaderboard.html"));
    say("found (" + out.resolve("findings.md") + "):");
    return Main.run(Suites.findings(out).toArray(String[]::new)); // once more, as the last lines
  }

  private String suite() {
    return switch (size) {
      case "standard" -> "demo.yaml";
      case "tiny" -> "demo-tiny.yaml";
      default ->
          throw new BadInput("--size", "'" + size + "' is unknown", "Choose standard or tiny");
    };
  }

  private static String text(String resource) throws IOException {
    try (InputStream in =
        DemoCommand.class.getResourceAsStream("/downstream/pretrain/" + resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
