package downstream.detection.metrics;

import downstream.eval.BadInput;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** An annotation file and a results file; boxes are read from both at once. */
record TruthAndResults(GroundTruth truth, DetectionResults results) {
  /**
   * Reads both.
   *
   * @throws BadInput for whatever either file is refused for, the truth first
   */
  static TruthAndResults read(Path truth, Path results, EvaluatorSettings settings) {
    CompletableFuture<GroundTruth> reading =
        CompletableFuture.supplyAsync(() -> CocoTruthReader.read(truth, settings));
    Ids.Provisional ids = new Ids.Provisional();
    Optional<DetectionResults> early =
        settings.iou() == Iou.bbox ? early(results, settings, ids) : Optional.empty();
    GroundTruth gt = joined(reading);
    // What does not fit at first sight is read again with the truth at hand, which finds the place.
    DetectionResults found =
        early
            .filter(read -> ids.settle(read.boxes(), gt))
            .orElseGet(() -> DetectionResults.read(results, gt, settings));
    return new TruthAndResults(gt, found);
  }

  private static Optional<DetectionResults> early(
      Path results, EvaluatorSettings settings, Ids ids) {
    try {
      return Optional.of(
          CocoFile.read(
              results, (open, parser) -> new ResultsReader(open, parser, settings, ids).read()));
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
