package downstream.pretrain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.cli.Main;
import downstream.eval.cli.Verb;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code demo}: from nothing to a filled leaderboard with pictures. It only strings other verbs
 * together, each as it would be typed, so it depends on no task and on no other module; it lives
 * beside the pretraining methods because it compares them.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "From nothing to a leaderboard: generates scenes, pretrains BYOL, ORL and IOCA at equal cost,",
      "fine-tunes them and an untrained encoder on detection and segmentation, ranks them, and",
      "collects pictures.",
      "Takes minutes on two cores; every step is a command that it shows before running it."
    })
public final class DemoVerb implements Verb {
  private static final List<String> METHODS = List.of("random", "byol", "orl", "ioca");

  @Option(names = "--out", paramLabel = "DIR", description = "A new folder; default: demo.")
  private Path out = Path.of("demo");

  @Option(names = "--seed", paramLabel = "N", description = "Of scenes, weights and runs.")
  private long seed;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description = "standard, or tiny (seconds; its scores mean nothing).")
  private String size = "standard";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of loader and engine (default: one a core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    DemoSize sizes = sizes();
    try (OutputFolder claimed = OutputFolder.claim(out, identity(sizes))) {
      for (List<String> step : steps(sizes)) {
        int code = run(step);
        if (code != 0) {
          say("demo: stopped, '" + String.join(" ", step) + "' ended with " + code);
          return code;
        }
      }
      Path pictures = Pictures.collect(claimed.path());
      say(String.format(Locale.ROOT, "demo: done in %.0f s", seconds(start)));
      say("board:    " + out.resolve("board").resolve("leaderboard.md"));
      say("pictures: " + pictures);
    }
    return 0;
  }

  private DemoSize sizes() {
    return switch (size) {
      case "standard" -> DemoSize.STANDARD;
      case "tiny" -> DemoSize.TINY;
      default -> throw new BadInput("--size", "'" + size + "' is unknown", "standard or tiny");
    };
  }

  private ObjectNode identity(DemoSize sizes) {
    ObjectNode identity = Json.MAPPER.createObjectNode();
    identity.set("demo", Json.MAPPER.valueToTree(sizes));
    identity.put("seed", seed);
    return identity;
  }

  /** Every command, in order. */
  private List<List<String>> steps(DemoSize sizes) {
    List<List<String>> steps = new ArrayList<>();
    if (!Files.exists(out.resolve("scenes").resolve("data.yaml"))) {
      steps.add(scenes(sizes));
    }
    METHODS.forEach(method -> steps.add(pretrain(method, sizes)));
    METHODS.forEach(method -> steps.add(List.of("encoder", "verify", encoder(method))));
    steps.add(evaluate("detection", sizes.detection(), sizes));
    steps.add(evaluate("segmentation", sizes.segmentation(), sizes));
    steps.add(List.of("leaderboard", "build", at("runs"), "--out", at("board")));
    return steps;
  }

  private List<String> scenes(DemoSize sizes) {
    return List.of(
        "data",
        "scenes",
        "--out",
        at("scenes"),
        "--images",
        "" + sizes.scenes(),
        "--val",
        "" + sizes.validation(),
        "--size",
        "" + sizes.sceneSize(),
        "--seed",
        "" + seed);
  }

  private List<String> pretrain(String method, DemoSize sizes) {
    List<String> command = new ArrayList<>(List.of("pretrain", method));
    command.addAll(List.of("--images", at("scenes"), "--out", at(method)));
    command.addAll(List.of("--seed", "" + seed, "--threads", "" + threads));
    command.addAll(List.of("--preset", sizes.preset()));
    set(command, sizes.encoder());
    if (!method.equals("random")) {
      set(command, sizes.pretraining());
      command.addAll(List.of("--budget", sizes.budget()));
    }
    return command;
  }

  private List<String> evaluate(String task, List<String> fields, DemoSize sizes) {
    List<String> command = new ArrayList<>(List.of("eval"));
    METHODS.forEach(method -> command.add(encoder(method)));
    command.addAll(List.of("--task", task, "--data", at("scenes")));
    command.addAll(List.of("--protocol", sizes.protocol(), "--seeds", "" + sizes.seeds()));
    command.addAll(List.of("--first-seed", "" + seed, "--out", at("runs")));
    command.addAll(List.of("--threads", "" + threads));
    set(command, fields);
    return command;
  }

  private static void set(List<String> command, List<String> assignments) {
    for (String assignment : assignments) {
      command.add("--set");
      command.add(assignment);
    }
  }

  private String encoder(String method) {
    return out.resolve(method).resolve(method + ".onnx").toString();
  }

  private String at(String folder) {
    return out.resolve(folder).toString();
  }

  private int run(List<String> command) {
    say("");
    say("$ downstream " + String.join(" ", command));
    long start = System.nanoTime();
    int code = Main.run(command.toArray(String[]::new));
    say(String.format(Locale.ROOT, "(%.0f s)", seconds(start)));
    return code;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
