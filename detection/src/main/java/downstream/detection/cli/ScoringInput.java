package downstream.detection.cli;

import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.io.CocoGroundTruthReader;
import downstream.detection.metrics.io.IdIndex;
import downstream.detection.metrics.io.ResultsReader;
import downstream.eval.BadInput;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** An annotation file and a results file; boxes are read from both at once. */
record ScoringInput(GroundTruth groundTruth, DetectionResults results) {
  /**
   * Reads both.
   *
   * @throws BadInput for whatever either file is refused for, the ground truth first
   */
  static ScoringInput read(Path groundTruth, Path results, EvaluatorSettings settings) {
    CompletableFuture<GroundTruth> reading =
        CompletableFuture.supplyAsync(() -> CocoGroundTruthReader.read(groundTruth, settings));
    IdIndex.Provisional ids = new IdIndex.Provisional();
    Optional<DetectionResults> early =
        settings.iou() == Iou.bbox ? early(results, settings, ids) : Optional.empty();
    GroundTruth gt = joined(reading);
    // What does not fit at first sight is read again with the ground truth at hand, which finds the
    // place.
    DetectionResults found =
        early
            .filter(read -> ids.settle(read.boxes(), gt))
            .orElseGet(() -> ResultsReader.read(results, gt, settings));
    return new ScoringInput(gt, found);
  }

  private static Optional<DetectionResults> early(
      Path results, EvaluatorSettings settings, IdIndex ids) {
    try {
      return Optional.of(ResultsReader.readAhead(results, settings, ids));
    } catch (BadInput laterInOrder) {
      return Optional.empty();
    }
  }

  private static GroundTruth joined(CompletableFuture<GroundTruth> reading) {
    try {
      return reading.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof BadInput refusal) {
        throw refusal;
      }
      throw e;
    }
  }
}
