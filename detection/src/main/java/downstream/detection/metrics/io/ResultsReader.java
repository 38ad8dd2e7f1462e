package downstream.detection.metrics.io;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.eval.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;

/** Reads COCO results files. */
public final class ResultsReader {
  private ResultsReader() {}

  /** Reads boxes by COCO's rules. */
  public static DetectionResults read(Path file, GroundTruth groundTruth) {
    return read(file, groundTruth, EvaluatorSettings.COCO);
  }

  /**
   * Reads a results file, plain or gzipped.
   *
   * @throws downstream.eval.BadInput if it is no such file, names an unknown image, holds a number
   *     that is not finite, or lacks what is to be scored
   */
  public static DetectionResults read(
      Path file, GroundTruth groundTruth, EvaluatorSettings settings) {
    return CocoFile.read(file, (open, parser) -> of(open, parser, groundTruth, settings).read());
  }

  /** Reads the same from a tree in memory, which is named in messages. */
  public static DetectionResults read(
      Object where, JsonNode tree, GroundTruth groundTruth, EvaluatorSettings settings)
      throws IOException {
    return CocoFile.read(
        where,
        new ByteArrayInputStream(Json.MAPPER.writeValueAsBytes(tree)),
        (open, parser) -> of(open, parser, groundTruth, settings).read());
  }

  private static ResultsParser of(
      CocoFile file, JsonParser parser, GroundTruth groundTruth, EvaluatorSettings settings) {
    return new ResultsParser(file, parser, groundTruth, settings, settings.iou() == Iou.bbox);
  }

  /**
   * Reads boxes and masks of a results file, which is opened once.
   *
   * @throws downstream.eval.BadInput as {@link #read(Path, GroundTruth, EvaluatorSettings)}
   */
  public static DetectionResults.BoxesAndMasks readBoth(
      Path file, GroundTruth groundTruth, EvaluatorSettings settings) {
    EvaluatorSettings masks = settings.on(Iou.segm);
    return CocoFile.read(
        file,
        (open, parser) -> new ResultsParser(open, parser, groundTruth, masks, true).readBoth());
  }

  /**
   * Reads boxes while their ground truth is still being read.
   *
   * @param ids given to images and categories until then
   */
  public static DetectionResults readAhead(Path file, EvaluatorSettings settings, IdIndex ids) {
    return CocoFile.read(
        file, (open, parser) -> new ResultsParser(open, parser, settings, ids).read());
  }
}
