package downstream.segmentation.cli;

import downstream.eval.BadInput;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import downstream.segmentation.metrics.ClassNames;
import downstream.segmentation.metrics.LabelMapPairs;
import downstream.segmentation.metrics.MapScoring;
import downstream.segmentation.metrics.ScoringConvention;
import downstream.segmentation.metrics.SegmentationScoreReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code score segmentation}: metrics from two folders of label maps. */
@Command(
    name = "segmentation",
    mixinStandardHelpOptions = true,
    description =
        "Computes mean IoU and related metrics from label maps and predictions of the same names.",
    footer = {
      "",
      "Examples:",
      "  downstream score segmentation --gt masks --predictions predicted --classes 21",
      "  downstream score segmentation --gt valannot --predictions predictions.zip \\",
      "      --classes classes.txt --ignore 11 --format json",
      "  downstream score segmentation --gt gtFine --predictions predicted --classes data.yaml \\",
      "      --convention detectron2 --boundary"
    })
public final class ScoreSegmentationCommand implements Subcommand {
  private static final int HIGHEST_VALUE = 255;

  @Spec private CommandSpec spec;

  @Option(
      names = "--gt",
      required = true,
      paramLabel = "DIR",
      description =
          "Ground truth: folder or ZIP of label maps, PNG of one channel with class values.")
  private Path groundTruth;

  @Option(
      names = "--predictions",
      required = true,
      paramLabel = "DIR",
      description = "Predictions: folder or ZIP of label maps, classes 0 to C-1, same names.")
  private Path predictions;

  @Option(
      names = "--classes",
      required = true,
      paramLabel = "N|FILE",
      description =
          "Number C of classes, or their names from value 0 on: a text file with one on each line,"
              + " or a YAML with a list or a key 'classes'.")
  private String classes;

  @Option(
      names = "--ignore",
      split = ",",
      defaultValue = "255",
      paramLabel = "VALUE",
      description =
          "Ground-truth values that belong to no class; values above one move down (default: 255,"
              + " which is always included).")
  private List<Integer> ignore;

  @Option(
      names = "--convention",
      defaultValue = "mmseg",
      description =
          "Convention of the primary mean IoU: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}); all three are printed.")
  private ScoringConvention convention;

  @Option(names = "--boundary", description = "Compute boundary IoU as well.")
  private boolean boundary;

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
  public Integer call() throws IOException {
    Set<Integer> ignored = Set.copyOf(ignore);
    if (ignored.stream().anyMatch(value -> value < 0 || value > HIGHEST_VALUE)) {
      throw new BadInput(
          "--ignore", "expected values 0 to 255, found " + ignore, "Give values from 0 to 255");
    }
    List<String> names = ClassNames.of(classes, ignored);
    SegmentationScoreReport report;
    try (LabelMapPairs gt = LabelMapPairs.open(groundTruth);
        LabelMapPairs predicted = LabelMapPairs.open(predictions)) {
      MapScoring scoring = MapScoring.of(gt, predicted, ignored, names.size(), boundary);
      report =
          new SegmentationScoreReport(
              scoring, names, convention, gt.names().size(), surplus(gt, predicted));
    }
    print(report);
    return 0;
  }

  private static List<String> surplus(LabelMapPairs groundTruth, LabelMapPairs predicted) {
    Set<String> rest = new TreeSet<>(predicted.names());
    groundTruth.names().forEach(rest::remove);
    return rest.stream()
        .map(name -> predicted.where(name) + " has no ground truth: not counted")
        .toList();
  }

  private void print(SegmentationScoreReport report) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(report.as(format));
    out.flush();
    if (format != OutputFormat.JSON) {
      PrintWriter log = spec.commandLine().getErr();
      report.warnings().forEach(warning -> log.println("warning: " + warning));
      log.flush();
    }
  }
}
