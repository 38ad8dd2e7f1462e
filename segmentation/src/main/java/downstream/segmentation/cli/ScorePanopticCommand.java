package downstream.segmentation.cli;

import downstream.eval.BadInput;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.eval.data.image.Image;
import downstream.segmentation.metrics.PanopticFile;
import downstream.segmentation.metrics.PanopticQuality;
import downstream.segmentation.metrics.PanopticReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code score panoptic}: panoptic quality from two COCO panoptic files. */
@Command(
    name = "panoptic",
    mixinStandardHelpOptions = true,
    description = "Computes panoptic quality from files in COCO's panoptic format.",
    footer = {
      "",
      "Examples:",
      "  downstream score panoptic --gt panoptic_val2017.json --predictions predicted.json",
      "  downstream score panoptic --gt gt.json --gt-masks gt --predictions p.json"
          + " --predictions-masks p --format json"
    })
public final class ScorePanopticCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Option(
      names = "--gt",
      required = true,
      paramLabel = "JSON",
      description = "Ground truth: panoptic JSON with 'categories'.")
  private Path groundTruth;

  @Option(
      names = "--gt-masks",
      paramLabel = "DIR",
      description = "Folder of its PNGs (default: the folder named like the JSON).")
  private @Nullable Path groundTruthMasks;

  @Option(
      names = "--predictions",
      required = true,
      paramLabel = "JSON",
      description = "Predictions: panoptic JSON.")
  private Path predictions;

  @Option(
      names = "--predictions-masks",
      paramLabel = "DIR",
      description = "Folder of its PNGs (default: the folder named like the JSON).")
  private @Nullable Path predictionsMasks;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: table, json or csv (default: table).")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public String group() {
    return "score";
  }

  @Override
  public Integer call() {
    PanopticFile gt =
        PanopticFile.read(groundTruth, PanopticFile.masks(groundTruth, groundTruthMasks));
    PanopticFile predicted =
        PanopticFile.read(predictions, PanopticFile.masks(predictions, predictionsMasks));
    if (gt.classes().isEmpty() || gt.images().isEmpty()) {
      throw new BadInput(
          groundTruth,
          "has no categories or no annotations",
          "Give a file with ground-truth annotations");
    }
    refuseMissing(gt, predicted);
    PanopticQuality quality =
        gt.images().values().parallelStream()
            .map(image -> score(gt, image, predicted))
            .collect(PanopticQuality::new, PanopticQuality::add, PanopticQuality::add);
    PrintWriter out = spec.commandLine().getOut();
    out.print(new PanopticReport(quality, gt.classes(), gt.images().size()).as(format));
    out.flush();
    return 0;
  }

  private static void refuseMissing(PanopticFile gt, PanopticFile predicted) {
    TreeSet<Long> missing = new TreeSet<>(gt.images().keySet());
    missing.removeAll(predicted.images().keySet());
    if (!missing.isEmpty()) {
      throw new BadInput(
          predicted.file(),
          "has no prediction for image_id "
              + missing.first()
              + "; "
              + missing.size()
              + " of "
              + gt.images().size()
              + " have none",
          "Add a prediction for every image");
    }
  }

  private static PanopticQuality score(
      PanopticFile gt, PanopticFile.PanopticImage image, PanopticFile predicted) {
    PanopticFile.PanopticImage prediction =
        java.util.Objects.requireNonNull(predicted.images().get(image.image()));
    Image groundTruth = Image.read(image.png());
    Image other = Image.read(prediction.png());
    if (groundTruth.width() != other.width() || groundTruth.height() != other.height()) {
      throw new BadInput(
          prediction.png(),
          "is " + other + ", but the ground truth is " + groundTruth,
          "Resize it to the size of the ground truth");
    }
    int[] groundTruthIds = image.ids(groundTruth);
    int[] ids = prediction.ids(other);
    PanopticQuality quality = new PanopticQuality();
    quality.add(
        groundTruthIds,
        gt.counted(image, groundTruthIds, gt.classes()),
        ids,
        predicted.counted(prediction, ids, gt.classes()));
    return quality;
  }
}
