package downstream.pretrain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.Json;
import downstream.eval.cli.DeviceOption;
import downstream.eval.cli.Verb;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.run.Pretrainer;
import downstream.eval.run.Pretrainers;
import downstream.eval.run.Pretraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
public final class PretrainVerb implements Verb {
  @Parameters(paramLabel = "METHOD", description = "mae, byol, random, or a plug-in's.")
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

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "The output folder.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of weights, order and views (default 0).")
  private @Nullable Long seed;

  @Option(names = "--limit", paramLabel = "N", description = "Take N of the images.")
  private @Nullable Integer limit;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of loader and engine (default: one a core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Pretrainer pretrainer = Pretrainers.named(method);
    Configuration configuration = Configuration.resolve(pretrainer, flags());
    if (threads < 1) {
      throw new BadInput("--threads", "must be at least 1, not " + threads, "Give a count");
    }
    // The engine reads this once, when it is first used.
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    Device chosen = device.choose();
    ImageSet set = limited(DataSets.images(configuration.images()), configuration.limit());
    set.warnings().forEach(spec.commandLine().getErr()::println);
    try (OutputFolder claimed = OutputFolder.claim(out, identity(configuration, set))) {
      AtomicFile.write(out.resolve("config.resolved.yaml"), Json.yaml(configuration.resolved()));
      spec.commandLine().getErr().println(announcement(set, claimed, chosen));
      pretrainer.run(
          new Pretraining(
              configuration.settings(), set, configuration.seed(), out, threads, chosen));
    }
    spec.commandLine().getOut().println(out.resolve(method + ".onnx"));
    return 0;
  }

  private Configuration.Flags flags() {
    return new Configuration.Flags(
        Optional.ofNullable(config),
        assignments,
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

  private static ObjectNode identity(Configuration configuration, ImageSet set) {
    ObjectNode identity = Json.MAPPER.createObjectNode();
    identity.put("method", configuration.method());
    identity.set("settings", configuration.settings());
    identity.put("seed", configuration.seed());
    identity.put("images", set.fingerprint());
    return identity;
  }
}
