package downstream.detection.metrics.report;

import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.coco.CocoEvaluator;
import downstream.detection.metrics.coco.MatchFile;
import downstream.detection.metrics.coco.MatchStatistics;
import downstream.detection.metrics.coco.MatchTable;
import downstream.detection.metrics.io.ResultsReader;
import downstream.detection.metrics.tide.Tide;
import downstream.eval.BadInput;
import downstream.eval.data.ImageSet;
import downstream.eval.task.Evaluation;
import downstream.eval.task.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run's COCO results file, read once and matched once for boxes and once for masks. */
public final class DetectionEvaluation implements Evaluation {
  private final ImageSet set;
  private final GroundTruth groundTruth;
  private final DetectionResults boxes;
  private final Optional<DetectionResults> masks;
  private final MatchTable boxMatches;
  private final Optional<MatchTable> maskMatches;

  /**
   * Reason why masks are not scored although the head predicts them; empty if they are scored or
   * not predicted.
   */
  private final Optional<String> obstacle;

  private DetectionEvaluation(
      ImageSet set,
      GroundTruth groundTruth,
      DetectionResults boxes,
      Optional<DetectionResults> masks,
      Optional<String> obstacle) {
    this.set = set;
    this.groundTruth = groundTruth;
    this.boxes = boxes;
    this.masks = masks;
    this.obstacle = obstacle;
    this.boxMatches = match(Iou.bbox, boxes);
    this.maskMatches = masks.map(found -> match(Iou.segm, found));
  }

  private MatchTable match(Iou iou, DetectionResults results) {
    return CocoEvaluator.match(groundTruth, results, EvaluatorSettings.COCO.on(iou));
  }

  /**
   * Matches a COCO results file with a split.
   *
   * @param masks whether every prediction has a mask that is to be scored, too; where the split
   *     lacks masks they are not, and the score has a warning
   * @throws BadInput if it is no such file, names what the split does not have, or lacks a mask
   */
  public static DetectionEvaluation of(Path predictions, ImageSet set, boolean masks) {
    if (masks) {
      GroundTruth groundTruth;
      try {
        groundTruth = GroundTruth.of(set, Iou.segm);
      } catch (BadInput unusable) {
        return ofBoxes(predictions, set, Optional.of(String.valueOf(unusable.getMessage())));
      }
      DetectionResults.BoxesAndMasks both =
          ResultsReader.readBoth(predictions, groundTruth, EvaluatorSettings.COCO);
      return new DetectionEvaluation(
          set, groundTruth, both.boxes(), Optional.of(both.masks()), Optional.empty());
    }
    return ofBoxes(predictions, set, Optional.empty());
  }

  private static DetectionEvaluation ofBoxes(
      Path predictions, ImageSet set, Optional<String> obstacle) {
    GroundTruth groundTruth = GroundTruth.of(set);
    DetectionResults boxes = ResultsReader.read(predictions, groundTruth);
    return new DetectionEvaluation(set, groundTruth, boxes, Optional.empty(), obstacle);
  }

  @Override
  public Score score() {
    Score score = DetectionScores.score(boxMatches, maskMatches);
    return obstacle.map(why -> DetectionScores.withoutMasks(score, why)).orElse(score);
  }

  @Override
  public void writeStatistics(Path file) {
    Map<String, Double> errors = new LinkedHashMap<>();
    Tide.of(groundTruth, boxes, EvaluatorSettings.COCO)
        .cost()
        .forEach((kind, cost) -> errors.put(kind.name(), cost));
    MatchFile.write(file, new MatchStatistics(boxMatches, maskMatches, errors));
  }

  /** Masks decide what is right, and are drawn, where they are scored. */
  @Override
  public List<Path> plots(Path folder, int count) throws IOException {
    Iou iou = masks.isPresent() ? Iou.segm : Iou.bbox;
    return new DetectionPlots(set, groundTruth, masks.orElse(boxes), iou)
        .draw(maskMatches.orElse(boxMatches), folder, count);
  }
}
