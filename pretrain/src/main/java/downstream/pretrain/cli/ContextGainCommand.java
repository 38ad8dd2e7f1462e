package downstream.pretrain.cli;

import downstream.eval.BadInput;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.pretrain.masks.ContextGain;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code context-gain}: measures whether a mask of pixels asks for more than interpolation. */
@Command(
    name = "context-gain",
    mixinStandardHelpOptions = true,
    description = {
      "Measures by how much the neighbours of a patch help to predict its hidden pixels from the"
          + " kept ones, with the best linear predictors of each.",
      "A mask without such a gain asks for nothing but interpolation within a patch."
    },
    footer = {"", "Example:", "  downstream context-gain --images photos --size 32 --patch 8"})
public final class ContextGainCommand implements Subcommand {
  @Option(
      names = "--images",
      paramLabel = "SOURCE",
      arity = "1..*",
      required = true,
      description =
          "Folders of images, or data YAMLs (FILE[@SPLIT]; default split: train); one of five"
              + " images is held out.")
  private List<String> images;

  @Option(
      names = "--size",
      paramLabel = "N",
      defaultValue = "32",
      description = "Side of a crop once resized, in pixels (default: 32).")
  private int size;

  @Option(
      names = "--patch",
      paramLabel = "N",
      defaultValue = "8",
      description = "Side of a patch in pixels (default: 8).")
  private int patch;

  @Option(
      names = "--min-crop-area",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description = "Smallest crop as a share of the image (default: 0.2).")
  private double minCropArea;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "12000",
      description = "Number of patches to fit the predictors to (default: 12000).")
  private int samples;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Random seed for crops, patches and scattered pixels (default: 0).")
  private long seed;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: table, json or csv (default: table).")
  private OutputFormat format = OutputFormat.TABLE;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(ContextGain.table(gain().measure()).as(format));
    out.flush();
    return 0;
  }

  private ContextGain gain() {
    ImageSet set = DataSets.images(images);
    try {
      return new ContextGain(set, size, patch, minCropArea, samples, seed);
    } catch (IllegalArgumentException e) {
      throw new BadInput(
          "context-gain", String.valueOf(e.getMessage()), "See downstream context-gain --help", e);
    }
  }
}
