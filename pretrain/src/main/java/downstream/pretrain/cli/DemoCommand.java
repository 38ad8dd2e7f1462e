package downstream.pretrain.cli;

import downstream.eval.BadInput;
import downstream.eval.cli.DeviceOption;
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
 * {@code demo}: from nothing to a filled leaderboard with pictures. It is a suite, {@code
 * suites/demo.yaml}; it lives beside the pretraining methods because it compares them.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "From nothing to a leaderboard, with pictures.",
      "Generates scenes, pretrains BYOL, ORL and IOCA at equal cost, fine-tunes them and an"
          + " untrained",
      "encoder on detection and segmentation, and ranks them.",
      "Takes minutes on two cores; every step is a command that it shows before running it."
    })
public final class DemoCommand implements Subcommand {
  @Option(names = "--out", paramLabel = "DIR", description = "A new folder; default: demo.")
  private Path out = Path.of("demo");

  @Option(names = "--seed", paramLabel = "N", description = "Of scenes, weights and runs.")
  private long seed;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description = "standard, or tiny (seconds; its scores mean nothing).")
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
    Path images = DemoPlots.collect(out);
    say(String.format(Locale.ROOT, "demo: done in %.0f s", (System.nanoTime() - start) * 1e-9));
    say("board:    " + out.resolve("board").resolve("leaderboard.md"));
    say("pictures: " + images);
    return 0;
  }

  private String suite() {
    return switch (size) {
      case "standard" -> "demo.yaml";
      case "tiny" -> "demo-tiny.yaml";
      default -> throw new BadInput("--size", "'" + size + "' is unknown", "standard or tiny");
    };
  }

  private static String text(String resource) throws IOException {
    try (InputStream in = DemoCommand.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
