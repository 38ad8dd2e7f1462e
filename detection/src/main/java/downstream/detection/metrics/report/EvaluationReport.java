package downstream.detection.metrics.report;

import downstream.detection.metrics.Convention;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.coco.CocoEvaluator;
import downstream.detection.metrics.coco.CocoMetrics;
import downstream.detection.metrics.coco.MatchTable;
import downstream.detection.metrics.coco.TieOrderRange;
import downstream.detection.metrics.tide.Tide;
import downstream.detection.metrics.voc.VocEvaluator;
import downstream.eval.task.Score;
import java.util.Optional;

/**
 * Complete evaluation of one results file.
 *
 * @param ties empty for conventions without a tie band
 * @param errors if they were asked for
 */
public record EvaluationReport(
    Score score, Optional<TieOrderRange> ties, Optional<Tide.Errors> errors) {
  /** Scores detections by the settings' convention. */
  public static EvaluationReport of(
      GroundTruth groundTruth,
      DetectionResults results,
      EvaluatorSettings settings,
      Optional<Double> threshold,
      boolean errors) {
    Optional<Tide.Errors> why =
        errors ? Optional.of(Tide.of(groundTruth, results, settings)) : Optional.empty();
    if (settings.convention().isVoc()) {
      double[] thresholds =
          threshold.map(t -> new double[] {t}).orElseGet(VocEvaluator.THRESHOLDS::clone);
      boolean elevenPoints = settings.convention() == Convention.voc07;
      Score score =
          VocEvaluator.score(groundTruth, results, settings.iou(), thresholds, elevenPoints);
      return new EvaluationReport(score, Optional.empty(), why);
    }
    MatchTable table = CocoEvaluator.match(groundTruth, results, settings);
    Score score =
        groundTruth
            .federation()
            .map(federation -> CocoMetrics.federated(table, federation))
            .orElseGet(() -> CocoMetrics.score(table));
    TieOrderRange ties = TieOrderRange.of(groundTruth, results, settings, table, score);
    return new EvaluationReport(score, Optional.of(ties), why);
  }
}
