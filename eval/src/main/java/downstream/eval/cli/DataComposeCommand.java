package downstream.eval.cli;

import downstream.eval.data.synthetic.ComposeSettings;
import downstream.eval.data.synthetic.ComposedScenes;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code data compose}: writes a data set of scenes made of a user's objects and backgrounds. */
@Command(
    name = "compose",
    mixinStandardHelpOptions = true,
    description = {
      "Composes a data set of scenes: objects pasted on backgrounds, with COCO JSON with boxes and"
          + " polygons, class masks, data.yaml.",
      "Objects and backgrounds of training images are never those of evaluation images.",
      "The same files and options write the same bytes."
    },
    footer = {
      "",
      "Example:",
      "  downstream data compose --objects cutouts --backgrounds photos --out composed"
    })
public final class DataComposeCommand implements Subcommand {
  @Option(
      names = "--objects",
      required = true,
      paramLabel = "DIR",
      description =
          "Folder with a folder of object images for each class; or with train and val (or test)"
              + " that have these.")
  private Path objects;

  @Option(
      names = "--backgrounds",
      required = true,
      paramLabel = "DIR",
      description = "Folder of background images; or with train and val (or test) that have these.")
  private Path backgrounds;

  @Option(
      names = "--background-prefix",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Beginning of the names of the backgrounds to use (default: all).")
  private String backgroundPrefix;

  @Mixin private SceneOptions scenes;

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "Random seed for the scenes and the division of files (default: 0).")
  private long seed;

  @Option(
      names = "--cut-out",
      paramLabel = "KIND",
      defaultValue = "alpha",
      description =
          "Part of an object's image that is pasted: alpha (the part that its alpha channel shows),"
              + " rounded (a rounded part of a plain crop) or whole (default: alpha).")
  private ComposeSettings.CutOutShape cutOut;

  @Option(
      names = "--edges",
      paramLabel = "KIND",
      defaultValue = "mixed",
      description =
          "Edges of objects: soft (faded), hard, or mixed, one of the two for each (default:"
              + " mixed).")
  private ComposeSettings.Edges edges;

  @Option(
      names = "--fewest-objects",
      paramLabel = "N",
      defaultValue = "2",
      description = "Fewest objects pasted in an image (default: 2).")
  private int fewestObjects;

  @Option(
      names = "--most-objects",
      paramLabel = "N",
      defaultValue = "6",
      description = "Most objects pasted in an image (default: 6).")
  private int mostObjects;

  @Option(
      names = "--min-scale",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "Smallest longer side of an object, as a share of the image's (default: 0.1).")
  private double minScale;

  @Option(
      names = "--max-scale",
      paramLabel = "SHARE",
      defaultValue = "0.5",
      description = "Largest longer side of an object, as a share of the image's (default: 0.5).")
  private double maxScale;

  @Option(
      names = "--val-fraction",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description =
          "Share of objects and backgrounds for evaluation images alone, where no folders train and"
              + " val say it (default: 0.2).")
  private double valFraction;

  @Spec private CommandSpec spec;

  @Override
  public String group() {
    return "data";
  }

  @Override
  public Integer call() {
    ComposeSettings settings =
        new ComposeSettings(
            scenes.images,
            scenes.val,
            scenes.size,
            seed,
            fewestObjects,
            mostObjects,
            minScale,
            maxScale,
            cutOut,
            edges,
            valFraction);
    ComposedScenes.Sources sources =
        new ComposedScenes.Sources(objects, backgrounds, backgroundPrefix);
    long start = System.nanoTime();
    Path yaml = ComposedScenes.of(settings, sources).write(scenes.out);
    double seconds = (System.nanoTime() - start) * 1e-9;
    int count = scenes.images + scenes.val;
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT, "%d images in %.1f s, %.0f images/s%n", count, seconds, count / seconds);
    spec.commandLine().getOut().println(yaml);
    return 0;
  }
}
