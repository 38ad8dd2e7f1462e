package downstream.eval.cli;

import downstream.eval.data.synthetic.SyntheticScenes;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  @Mixin private SceneOptions scenes;

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
    Path yaml = new SyntheticScenes(scenes.images, scenes.val, scenes.size, seed).write(scenes.out);
    spec.commandLine().getOut().println(yaml);
    return 0;
  }
}
