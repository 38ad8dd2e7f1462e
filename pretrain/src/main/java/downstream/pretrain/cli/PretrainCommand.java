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
import downstream.eval.cli.TraceOption;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.Pretrainers;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.Trace;
import downstream.pretrain.run.OutputFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
      "The same command resumes an interrupted run; `ls` shows the methods."
    })
public final class PretrainCommand implements Subcommand {
  @Parameters(
      paramLabel = "METHOD",
      description = {
        "Pretraining method: mae, simmim, pimask, simsiam, byol, moco, simclr, densecl,",
        "slotcon, swav, siamese, dino, ibot, orl, ioca, ae, dae, vae, random, or that of a plug-in."
      })
  private String method;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "Settings that --config and --set override: smoke, small or paper (default: small).")
  private String preset = Pretrainer.DEFAULT_PRESET;

  @Option(
      names = "--budget",
      paramLabel = "UNIT=N",
      description = {
        "Length of the training: epochs=N, images=N, flops=N or minutes=N",
        "(default: that of the preset)."
      })
  private @Nullable String budget;

  @Option(
      names = "--init",
      paramLabel = "FILE",
      description = "Encoder to start from, of any method (default: random weights).")
  private @Nullable Path init;

  @Option(
      names = "--stage1",
      paramLabel = "FILE",
      description = "Encoder to start from, in place of training stage 1 (orl, ioca).")
  private @Nullable Path stage1;

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description = "File pairs.jsonl of an earlier mining, in place of mining (orl, ioca).")
  private @Nullable Path pairs;

  @Option(
      names = "--probe",
      paramLabel = "DATA",
      description = {
        "Data YAML with boxes (FILE[@SPLIT]) on which the log reports k-NN agreement of classes",
        "(default: none)."
      })
  private @Nullable String probe;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the encoder and of its files (default: the method's name).")
  private @Nullable String name;

  @Option(
      names = "--dry-run",
      description = {
        "Estimates steps, FLOPs, memory and time from a few updates; leaves nothing behind."
      })
  private boolean dryRun;

  @Mixin private InputOptions input;

  @Mixin private TraceOption traceOption;

  @Mixin private ThreadsOption threadsOption;

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Pretrainer pretrainer = Pretrainers.named(method);
    Configuration configuration = Configuration.resolve(pretrainer, flags());
    int threads = threadsOption.use();
    Device chosen = device.choose();
    ImageSet set =
        InputOptions.limited(DataSets.images(configuration.images()), configuration.limit());
    set.warnings().forEach(spec.commandLine().getErr()::println);
    PretrainingRequest pretraining =
        new PretrainingRequest(
                configuration.settings(),
                set,
                Optional.ofNullable(probe).map(DataSets::labelled),
                configuration.seed(),
                input.out(),
                threads,
                chosen)
            .named(encoderName());
    if (dryRun) {
      estimate(pretrainer, pretraining);
      return 0;
    }
    PrintWriter err = spec.commandLine().getErr();
    try (OutputFolder claimed = OutputFolder.claim(input.out(), identity(configuration, set));
        Trace trace = traceOption.open()) {
      if (isFinished()) {
        err.println(method + ": already finished, not trained again: " + onnx());
        return 0;
      }
      AtomicFile.write(
          input.out().resolve("config.resolved.yaml"), Json.yaml(configuration.resolved()));
      err.println(announcement(set, claimed, chosen));
      pretrainer.run(pretraining.tracing(trace));
    }
    spec.commandLine().getOut().println(onnx());
    return 0;
  }

  private Path onnx() {
    return input.out().resolve(encoderName() + ".onnx");
  }

  private String encoderName() {
    if (name == null) {
      return method;
    }
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
      throw new BadInput(
          "--name", "'" + name + "' cannot be a file's name", "Use letters, digits, '-' and '_'");
    }
    return name;
  }

  /** Tells whether the encoder of an earlier run, which is exported last, is complete. */
  private boolean isFinished() {
    Path last = input.out().resolve(encoderName() + ".provenance.json");
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

  /** The settings of the command line; options that stand for a setting come last and win. */
  private List<String> assignments() {
    List<String> all = new ArrayList<>(input.assignments());
    if (budget != null) {
      all.add("budget=" + budget);
    }
    if (init != null) {
      all.add("encoder.init=" + init);
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
        preset, input.config(), assignments(), input.images(), input.limit(), input.seed());
  }

  private String announcement(ImageSet set, OutputFolder claimed, Device chosen) {
    return method
        + ": "
        + set.images().size()
        + " images, device "
        + chosen
        + ", output in "
        + claimed.path();
  }

  private static String digest(Path file) {
    try {
      return Digest.of(file);
    } catch (IOException e) {
      throw BadInput.unreadable(file, e);
    }
  }

  private static ObjectNode identity(Configuration configuration, ImageSet set) {
    ObjectNode identity = Json.MAPPER.createObjectNode();
    identity.put("method", configuration.method());
    identity.set("settings", configuration.settings());
    identity.put("seed", configuration.seed());
    identity.put("images", set.fingerprint());
    identifyFile("/encoder/init", "init", configuration, identity);
    identifyFile("/stage1Encoder", "stage1_encoder", configuration, identity);
    identifyFile("/pairsFile", "pairs_file", configuration, identity);
    return identity;
  }

  /** Adds the digest of a file that a setting, given by its JSON pointer, names. */
  private static void identifyFile(
      String setting, String key, Configuration configuration, ObjectNode identity) {
    String file = configuration.settings().at(setting).asText("");
    if (!file.isEmpty()) {
      identity.put(key, digest(Path.of(file)));
    }
  }
}
