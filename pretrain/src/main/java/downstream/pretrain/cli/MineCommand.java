package downstream.pretrain.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.cli.DeviceOption;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.pretrain.mining.Mining;
import downstream.pretrain.mining.report.MiningReport;
import downstream.pretrain.mining.report.MiningStatistics;
import downstream.pretrain.settings.MiningSettings;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mine}: finds regions and pairs of regions by an encoder, and shows them. */
@Command(
    name = "mine",
    mixinStandardHelpOptions = true,
    description = {
      "Finds regions and pairs of regions that may show the same kind of object, without labels.",
      "Labels of the images, if there are any, only tell how good the pairs are.",
      "The same command goes on where it was interrupted."
    })
public final class MineCommand implements Subcommand {
  @Option(
      names = "--encoder",
      paramLabel = "FILE",
      required = true,
      description = "An ONNX encoder with a spec.")
  private Path encoder;

  @Option(
      names = "--images",
      paramLabel = "SOURCE",
      arity = "1..*",
      required = true,
      description = "Folders of images, or data YAMLs (FILE[@SPLIT]).")
  private List<String> images;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "The output folder.")
  private Path out;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings as YAML.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, over those of --config: neighbours=5")
  private List<String> assignments = List.of();

  @Option(
      names = "--proposals",
      paramLabel = "DIR",
      description = "Keeps proposals, to be shared by several minings (default: OUT/proposals).")
  private @Nullable Path proposals;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of what is drawn by lot, with pairSelection=random (default 0).")
  private long seed;

  @Option(names = "--limit", paramLabel = "N", description = "Take N of the images.")
  private @Nullable Integer limit;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Images worked on at once (default: one a core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MiningSettings settings = settings();
    if (threads < 1) {
      throw new BadInput("--threads", "must be at least 1, not " + threads, "Give a count");
    }
    if (!Files.isRegularFile(encoder)) {
      throw new BadInput(encoder, "no such encoder file", "Give the path of an .onnx file");
    }
    ImageSet set = limited(DataSets.withBoxes(images));
    set.warnings().forEach(spec.commandLine().getErr()::println);
    Mining.mine(
        new Mining.Inputs(
            encoder,
            set,
            settings,
            Optional.empty(),
            Optional.ofNullable(proposals),
            seed,
            threads,
            device.choose()),
        out);
    print(MiningStatistics.read(out.resolve(MiningReport.NUMBERS)));
    return 0;
  }

  private void print(MiningStatistics numbers) {
    PrintWriter console = spec.commandLine().getOut();
    console.println(numbers.found().as(OutputFormat.TABLE));
    if (!numbers.agreement().isEmpty()) {
      console.println(numbers.agreements().as(OutputFormat.TABLE));
      console.println(numbers.recalls().as(OutputFormat.TABLE));
    }
    console.println(out.resolve(Mining.FILE));
  }

  private MiningSettings settings() {
    ObjectNode merged = Json.MAPPER.valueToTree(MiningSettings.DEFAULTS);
    Object where = "settings";
    if (config != null) {
      where = config;
      merged.setAll(read(config));
    }
    assignments.forEach(assignment -> assign(merged, assignment));
    return Json.as(where, merged, MiningSettings.class);
  }

  private static ObjectNode read(Path file) {
    if (Json.readYaml(file) instanceof ObjectNode object) {
      return object;
    }
    throw new BadInput(file, "holds no 'key: value' lines", "Correct the file");
  }

  private static void assign(ObjectNode settings, String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new BadInput(
          "--set", "expected key=value, found '" + assignment + "'", "Write --set neighbours=5");
    }
    String key = assignment.substring(0, equals).strip();
    settings.set(key, Json.parseYaml("--set " + assignment, assignment.substring(equals + 1)));
  }

  /** The same choice as {@code pretrain --limit} makes. */
  private ImageSet limited(ImageSet set) {
    if (limit == null) {
      return set;
    }
    if (limit < 1) {
      throw new BadInput("--limit", limit + " images", "Give at least 2");
    }
    int count = set.pictures().size();
    return limit >= count ? set : set.sample((double) limit / count, 0);
  }
}
