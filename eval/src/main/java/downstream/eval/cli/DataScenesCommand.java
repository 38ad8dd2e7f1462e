package downstream.eval.cli;

import downstream.eval.data.synthetic.SyntheticScenes;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code data scenes}: writes a generated data set for detection and segmentation. */
@Command(
    name = "scenes",
    mixinStandardHelpOptions = true,
    description = {
      "Generates a data set of synthetic scenes: COCO JSON with boxes and polygons, class masks,"
          + " data.yaml.",
      "The same options write the same bytes on every machine."
    },
    footer = {
      "",
      "Example:",
      "  downstream data scenes --out scenes --images 256 --val 64 --size 128"
    })
public final class DataScenesCommand implements Subcommand {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Output folder; must be empty or absent.")
  private Path out;

  @Option(
      names = "--images",
      defaultValue = "256",
      description = "Number of training images (default: 256).")
  private int images;

  @Option(
      names = "--val",
      defaultValue = "64",
      description = "Number of evaluation images (default: 64).")
  private int val;

  @Option(
      names = "--size",
      defaultValue = "128",
      description = "Height and width of each image in pixels (default: 128).")
  private int size;

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "Random seed for the scenes (default: 0).")
  private long seed;

  @Spec private CommandSpec spec;

  @Override
  public String group() {
    return "data";
  }

  @Override
  public Integer call() {
    Path yaml = new SyntheticScenes(images, val, size, seed).write(out);
    spec.commandLine().getOut().println(yaml);
    return 0;
  }
}
