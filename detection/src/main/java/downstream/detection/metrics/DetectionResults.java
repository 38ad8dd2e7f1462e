package downstream.detection.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.metrics.io.CocoFile;
import downstream.detection.metrics.io.ResultsReader;
import downstream.eval.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Detections as a COCO results file holds them: an array of {@code image_id}, {@code category_id},
 * {@code score} and {@code bbox} or {@code segmentation} or both.
 *
 * @param boxes images and categories as places in the truth's ids, in file order
 * @param unknownCategory how many were dropped because the truth has no such category
 * @param warnings what could change a figure
 */
public record DetectionResults(BoxTable boxes, long unknownCategory, List<String> warnings) {
  public DetectionResults {
    warnings = List.copyOf(warnings);
  }

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
    return CocoFile.read(
        file, (open, parser) -> new ResultsReader(open, parser, groundTruth, settings).read());
  }

  /** Reads the same from a tree in memory, which is named in messages. */
  public static DetectionResults read(
      Object where, JsonNode tree, GroundTruth groundTruth, EvaluatorSettings settings)
      throws IOException {
    return CocoFile.read(
        where,
        new ByteArrayInputStream(Json.MAPPER.writeValueAsBytes(tree)),
        (open, parser) -> new ResultsReader(open, parser, groundTruth, settings).read());
  }
}
