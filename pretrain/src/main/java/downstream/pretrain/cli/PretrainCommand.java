package downstream.pretrain.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.cli.DeviceOption;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.eval.cli.Table;
import downstream.eval.cli.ThreadsOption;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.Pretrainers;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.pretrain.run.OutputFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pretrain METHOD}: trains an encoder without labels and exports it. */
@Command(
    name = "pretrain",
    mixinStandardHelpOptions = true,
    description = {
      "Trains an encoder without labels and exports it as ONNX.",
      "The same command goes on where it was interrupted; `ls` shows the methods."
    })
public final class PretrainCommand implements Subcommand {
  @Parameters(
      paramLabel = "METHOD",
      description = "mae, simmim, pimask, simsiam, byol, orl, ioca, random, or a plug-in's.")
  private String method;

  @Option(
      names = "--images",
      paramLabel = "SOURCE",
      arity = "1..*",
      description = "Folders of images, or data YAMLs (FILE[@SPLIT]); labels are not looked at.")
  private List<String> images = List.of();

  @Option(names = "--config", paramLabel = "FILE", description = "Settings as YAML.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, over those of --config.")
  private List<String> assignments = List.of();

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "What --config and --set go over: smoke, small (default) or paper.")
  private String preset = Pretrainer.DEFAULT_PRESET;

  @Option(
      names = "--budget",
      paramLabel = "UNIT=N",
      description = "How long to train: epochs=N, images=N, flops=N or minutes=N.")
  private @Nullable String budget;

  @Option(
      names = "--stage1",
      paramLabel = "FILE",
      description = "orl, ioca: an encoder to start from, in place of training one.")
  private @Nullable Path stage1;

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description = "orl, ioca: pairs.jsonl that was mined before.")
  private @Nullable Path pairs;

  @Option(
      names = "--probe",
      paramLabel = "DATA",
      description = "FILE[@SPLIT] with boxes: k-NN agreement of their classes goes to the log.")
  private @Nullable String probe;

  @Option(
      names = "--dry-run",
      description = "Measures a few updates; prints steps, FLOPs, memory and time; trains nothing.")
  private boolean dryRun;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "The output folder.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of weights, order and views (default 0).")
  private @Nullable Long seed;

  @Option(names = "--limit", paramLabel = "N", description = "Take N of the images.")
  private @Nullable Integer limit;

  @Mixin private ThreadsOption threadsOption;

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Pretrainer pretrainer = Pretrainers.named(method);
    Configuration configuration = Configuration.resolve(pretrainer, flags());
    int threads = threadsOption.use();
    Device chosen = device.choose();
    ImageSet set = limited(DataSets.images(configuration.images()), configuration.limit());
    set.warnings().forEach(spec.commandLine().getErr()::println);
    PretrainingRequest pretraining =
        new PretrainingRequest(
            configuration.settings(),
            set,
            Optional.ofNullable(probe).map(DataSets::labelled),
            configuration.seed(),
            out,
            threads,
            chosen);
    if (dryRun) {
      estimate(pretrainer, pretraining);
      return 0;
    }
    PrintWriter err = spec.commandLine().getErr();
    try (OutputFolder claimed = OutputFolder.claim(out, identity(configuration, set))) {
      if (isFinished()) {
        err.println(method + ": already there, not trained again: " + onnx());
        return 0;
      }
      AtomicFile.write(out.resolve("config.resolved.yaml"), Json.yaml(configuration.resolved()));
      err.println(announcement(set, claimed, chosen));
      pretrainer.run(pretraining);
    }
    spec.commandLine().getOut().println(onnx());
    return 0;
  }

  private Path onnx() {
    return out.resolve(method + ".onnx");
  }

  /** Whether the encoder that the last run exported, after all else, lies there whole. */
  private boolean isFinished() {
    Path last = out.resolve(method + ".provenance.json");
    return Files.exists(last)
        && Files.exists(onnx())
        && EncoderFile.read(onnx()).digest().equals(Json.read(last).path("encoder").asText());
  }

  private void estimate(Pretrainer pretrainer, PretrainingRequest pretraining) throws IOException {
    Table table = new Table(List.of("stage", "steps", "images", "FLOPs", "minutes", "memory MiB"));
    for (CostEstimate stage : pretrainer.estimate(pretraining)) {
      table.row(
          stage.stage(),
          stage.steps(),
          stage.images(),
          String.format(Locale.ROOT, "%.3g", (double) stage.flops()),
          String.format(Locale.ROOT, "%.1f", stage.seconds() / 60),
          stage.residentBytes().isPresent() ? stage.residentBytes().getAsLong() >> 20 : "unknown");
    }
    spec.commandLine().getOut().print(table.as(OutputFormat.TABLE));
    spec.commandLine().getOut().flush();
  }

  /** The flags that stand for a setting come last: they win. */
  private List<String> assignments() {
    List<String> all = new ArrayList<>(assignments);
    if (budget != null) {
      all.add("budget=" + budget);
    }
    if (stage1 != null) {
      all.add("stage1Encoder=" + stage1);
    }
    if (pairs != null) {
      all.add("pairsFile=" + pairs);
    }
    return all;
  }

  private Configuration.Flags flags() {
    return new Configuration.Flags(
        preset,
        Optional.ofNullable(config),
        assignments(),
        images,
        limit == null ? OptionalInt.empty() : OptionalInt.of(limit),
        seed == null ? OptionalLong.empty() : OptionalLong.of(seed));
  }

  private String announcement(ImageSet set, OutputFolder claimed, Device chosen) {
    return method
        + ": "
        + set.pictures().size()
        + " images, device "
        + chosen
        + ", output in "
        + claimed.path();
  }

  /** The same choice whatever the seed, so that seeds differ in nothing else. */
  private static ImageSet limited(ImageSet set, OptionalInt limit) {
    int count = set.pictures().size();
    return limit.isEmpty() || limit.getAsInt() >= count
        ? set
        : set.sample((double) limit.getAsInt() / count, 0);
  }

  private static String digest(Path file) {
    try {
      return Digest.of(file);
    } catch (IOException e) {
      throw new BadInput(file, "cannot be read (" + e + ")", "Check the path", e);
    }
  }

  private static ObjectNode identity(Configuration configuration, ImageSet set) {
    ObjectNode identity = Json.MAPPER.createObjectNode();
    identity.put("method", configuration.method());
    identity.set("settings", configuration.settings());
    identity.put("seed", configuration.seed());
    identity.put("images", set.fingerprint());
    for (String given : List.of("stage1Encoder", "pairsFile")) {
      String file = configuration.settings().path(given).asText("");
      if (!file.isEmpty()) {
        identity.put(given, digest(Path.of(file)));
      }
    }
    return identity;
  }
}
