package downstream.detection.metrics;

import downstream.eval.run.Score;
import java.util.Optional;

/**
 * All that one results file was found to be worth.
 *
 * @param ties empty for conventions without a tie band
 * @param errors if they were asked for
 */
record Evaluated(Score score, Optional<TieBand> ties, Optional<Tide.Errors> errors) {
  /** Scores detections by the settings' convention. */
  static Evaluated of(
      GroundTruth truth,
      DetectionResults results,
      EvaluatorSettings settings,
      Optional<Double> threshold,
      boolean errors) {
    Optional<Tide.Errors> why =
        errors ? Optional.of(Tide.of(truth, results, settings)) : Optional.empty();
    if (settings.convention().isVoc()) {
      double[] thresholds =
          threshold.map(t -> new double[] {t}).orElseGet(VocEvaluator.THRESHOLDS::clone);
      boolean elevenPoints = settings.convention() == Convention.voc07;
      Score score = VocEvaluator.score(truth, results, settings.iou(), thresholds, elevenPoints);
      return new Evaluated(score, Optional.empty(), why);
    }
    MatchTable table = CocoEvaluator.match(truth, results, settings);
    Score score =
        truth
            .federation()
            .map(federation -> CocoMetrics.federated(table, federation))
            .orElseGet(() -> CocoMetrics.score(table));
    TieBand ties = TieBand.of(truth, results, settings, table, score);
    return new Evaluated(score, Optional.of(ties), why);
  }
}
