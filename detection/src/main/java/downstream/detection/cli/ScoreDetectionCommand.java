package downstream.detection.cli;

import downstream.detection.metrics.Convention;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.io.ResultsReader;
import downstream.detection.metrics.io.VocGroundTruthReader;
import downstream.detection.metrics.report.DetectionScoreReport;
import downstream.detection.metrics.report.EvaluationReport;
import downstream.eval.BadInput;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Subcommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code score detection}: metrics of boxes or masks from ground truth and a results file. */
@Command(
    name = "detection",
    mixinStandardHelpOptions = true,
    description = "Computes metrics of boxes or masks from ground truth and a COCO results file.",
    footer = {
      "",
      "Examples:",
      "  downstream score detection --gt instances_val.json --predictions results.json",
      "  downstream score detection --gt gt.json --predictions dt.json.gz --iou segm --format json",
      "  downstream score detection --gt voc:VOC2007 --split test --predictions dt.json \\",
      "      --convention voc07",
      "  downstream score detection --gt gt.json --predictions dt.json --compat pycocotools"
    })
public final class ScoreDetectionCommand implements Subcommand {
  private static final String VOC = "voc:";
  private static final List<Integer> COCO_LIMITS = List.of(1, 10, 100);
  private static final List<Integer> LVIS_LIMITS = List.of(300);

  private enum Compat {
    pycocotools
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--gt",
      required = true,
      paramLabel = "FILE|voc:DIR",
      description = "Ground truth: COCO or LVIS annotation JSON (may be gzipped), or a VOC folder.")
  private String groundTruth;

  @Option(
      names = "--split",
      description =
          "Split of a VOC folder, listed in ImageSets/Main/SPLIT.txt (default: every XML file).")
  private @Nullable String split;

  @Option(
      names = "--classes",
      split = ",",
      description =
          "Classes of a VOC folder, in the order of category_id from 1 (default: those that occur,"
              + " sorted).")
  private List<String> classes = List.of();

  @Option(
      names = "--predictions",
      required = true,
      paramLabel = "FILE",
      description = "Predictions: COCO results JSON, may be gzipped.")
  private Path predictions;

  @Option(
      names = "--iou",
      defaultValue = "bbox",
      description = "Overlap to compute on: ${COMPLETION-CANDIDATES} (default: bbox).")
  private Iou iou;

  @Option(
      names = "--convention",
      defaultValue = "coco",
      description = "Scoring rules: ${COMPLETION-CANDIDATES} (default: coco).")
  private Convention convention;

  @Option(
      names = "--compat",
      description =
          "Tool whose quirks to repeat: ${COMPLETION-CANDIDATES}. Never matches ground truth with"
              + " id 0, drops stray annotations, and takes the type of all results from the first.")
  private @Nullable Compat compat;

  @Option(names = "--class-agnostic", description = "Score all categories of an image as one.")
  private boolean classAgnostic;

  @Option(
      names = "--max-dets",
      split = ",",
      description =
          "Limits of detections per image and category; AP uses the last (default: 1,10,100; for"
              + " lvis one limit per image, 300).")
  private @Nullable List<Integer> maxDets;

  @Option(
      names = "--iou-threshold",
      paramLabel = "T",
      description = "IoU threshold of AP for voc07 and voc12 (default: the mean over .5 to .95).")
  private @Nullable Double threshold;

  @Option(names = "--tide", description = "Report the cost of each kind of error too (TIDE).")
  private boolean tide;

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
    EvaluatorSettings settings = settings();
    EvaluationReport evaluated = evaluate(settings);
    PrintWriter out = spec.commandLine().getOut();
    out.print(new DetectionScoreReport(evaluated, settings).as(format));
    out.flush();
    if (format != OutputFormat.JSON) {
      PrintWriter log = spec.commandLine().getErr();
      evaluated.score().warnings().forEach(warning -> log.println("warning: " + warning));
    }
    return 0;
  }

  private EvaluationReport evaluate(EvaluatorSettings settings) {
    ScoringInput read =
        groundTruth.startsWith(VOC)
            ? readVoc(settings)
            : ScoringInput.read(Path.of(groundTruth), predictions, settings);
    return EvaluationReport.of(
        read.groundTruth(), read.results(), settings, Optional.ofNullable(threshold), tide);
  }

  /**
   * Reads by the first way of numbering images that fits the results; else throws the first error.
   */
  private ScoringInput readVoc(EvaluatorSettings settings) {
    Path folder = Path.of(groundTruth.substring(VOC.length()));
    BadInput first = null;
    for (GroundTruth reading :
        VocGroundTruthReader.read(folder, Optional.ofNullable(split), classes, convention)) {
      try {
        return new ScoringInput(reading, ResultsReader.read(predictions, reading, settings));
      } catch (BadInput refusal) {
        first = first == null ? refusal : first;
      }
    }
    throw Objects.requireNonNull(first);
  }

  private EvaluatorSettings settings() {
    List<Integer> limits = maxDets;
    if (limits == null) {
      limits = convention == Convention.lvis ? LVIS_LIMITS : COCO_LIMITS;
    }
    if (limits.stream().anyMatch(limit -> limit < 1)) {
      throw new BadInput(
          "--max-dets",
          "limits must be > 0, found " + limits,
          "Give positive limits, such as 1,10,100");
    }
    refuseIf(
        convention == Convention.lvis && limits.size() != 1,
        "--max-dets",
        "lvis has one limit per image, found " + limits,
        "Give one, as 300");
    refuseIf(
        convention.isVoc() && (maxDets != null || classAgnostic),
        "--convention " + convention,
        "has no limit of detections and pools no classes",
        "Leave out --max-dets and --class-agnostic");
    refuseIf(
        convention != Convention.coco && compat != null,
        "--compat",
        "pycocotools knows no convention '" + convention + "'",
        "Leave one of them out");
    refuseIf(
        threshold != null && (!convention.isVoc() || !(threshold >= 0 && threshold < 1)),
        "--iou-threshold",
        "is for voc07 and voc12, from 0 to below 1, found " + threshold,
        "Leave it out");
    refuseIf(
        groundTruth.startsWith(VOC) && iou == Iou.segm,
        "--iou segm",
        "VOC's XML files hold boxes alone",
        "Use --iou bbox, or a COCO file");
    return new EvaluatorSettings(iou, compat != null, classAgnostic, convention, limits);
  }

  private static void refuseIf(boolean wrong, String where, String problem, String fix) {
    if (wrong) {
      throw new BadInput(where, problem, fix);
    }
  }
}
