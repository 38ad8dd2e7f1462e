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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mine}: finds regions and pairs of regions with an encoder, and shows them. */
@Command(
    name = "mine",
    mixinStandardHelpOptions = true,
    description = {
      "Finds regions and pairs of regions that may show the same kind of object, without labels.",
      "If the images have boxes, these only measure how good the pairs are.",
      "The same command resumes an interrupted run."
    })
public final class MineCommand implements Subcommand {
  @Option(
      names = "--encoder",
      paramLabel = "FILE",
      required = true,
      description = "ONNX encoder with a spec, which embeds images and regions.")
  private Path encoder;

  @Option(
      names = "--proposals",
      paramLabel = "DIR",
      description = "Folder of proposals, to be shared by several runs (default: OUT/proposals).")
  private @Nullable Path proposals;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Number of images processed at once (default: the number of cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Mixin private InputOptions input;

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MiningSettings settings = settings();
    if (threads < 1) {
      throw new BadInput(
          "--threads", "must be at least 1, not " + threads, "Give a number from 1 on");
    }
    if (!Files.isRegularFile(encoder)) {
      throw new BadInput(encoder, "no such encoder file", "Give the path of an .onnx file");
    }
    ImageSet set = images();
    set.warnings().forEach(spec.commandLine().getErr()::println);
    Mining.mine(
        new Mining.Inputs(
            encoder,
            set,
            settings,
            Optional.empty(),
            Optional.ofNullable(proposals),
            input.seed().orElse(0),
            threads,
            device.chooseOne()),
        input.out());
    print(MiningStatistics.read(input.out().resolve(MiningReport.FILE)));
    return 0;
  }

  private ImageSet images() {
    if (input.images().isEmpty()) {
      throw new BadInput(
          "--images", "no source is given", "Give a folder of images or a data YAML");
    }
    if (input.limit().isPresent() && input.limit().getAsInt() < 2) {
      throw new BadInput(
          "--limit",
          "must be at least 2, not " + input.limit().getAsInt(),
          "Give at least 2 images to mine");
    }
    return InputOptions.limited(DataSets.withBoxes(input.images()), input.limit());
  }

  private void print(MiningStatistics statistics) {
    PrintWriter console = spec.commandLine().getOut();
    console.println(statistics.found().as(OutputFormat.TABLE));
    console.println(statistics.kinds().as(OutputFormat.TABLE));
    if (!statistics.agreement().isEmpty()) {
      console.println(statistics.agreements().as(OutputFormat.TABLE));
      console.println(statistics.recalls().as(OutputFormat.TABLE));
    }
    console.println(input.out().resolve(Mining.FILE));
  }

  private MiningSettings settings() {
    ObjectNode merged = Json.MAPPER.valueToTree(MiningSettings.DEFAULTS);
    Object where = "settings";
    if (input.config().isPresent()) {
      where = input.config().get();
      merged.setAll(InputOptions.read(input.config().get()));
    }
    input.assignments().forEach(assignment -> assign(merged, assignment));
    return Json.as(where, merged, MiningSettings.class);
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
}
