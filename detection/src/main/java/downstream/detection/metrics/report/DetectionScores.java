package downstream.detection.metrics.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.coco.CocoEvaluator;
import downstream.detection.metrics.coco.CocoMetrics;
import downstream.detection.metrics.coco.MatchFile;
import downstream.detection.metrics.coco.MatchStatistics;
import downstream.detection.metrics.coco.MatchTable;
import downstream.detection.metrics.io.ResultsReader;
import downstream.detection.metrics.tide.Tide;
import downstream.eval.BadInput;
import downstream.eval.data.ImageSet;
import downstream.eval.task.Score;
import downstream.eval.task.SelfTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that the stored predictions of a run are good for: scores, statistics for a bootstrap, a
 * comparison of two runs, pictures. No engine is loaded. Figures of masks bear the names of those
 * of boxes behind {@code mask}: {@code maskAP50}.
 */
public final class DetectionScores {
  private static final String MASK = "mask";

  private final Path predictions;
  private final ImageSet set;

  /** Why there are no figures of masks, if there are none although the head finds masks. */
  private final Optional<String> obstacle;

  private final boolean masks;

  private DetectionScores(Path predictions, ImageSet set, boolean masks) {
    this.predictions = predictions;
    this.set = set;
    this.obstacle = masks ? GroundTruth.withoutMask(set) : Optional.empty();
    this.masks = masks && obstacle.isEmpty();
  }

  /** The names of all figures, the primary one first; higher is better for each. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(CocoMetrics.names(EvaluatorSettings.COCO.maxDets()));
    List.copyOf(names).forEach(name -> names.add(MASK + name));
    return names;
  }

  /**
   * Scores a COCO results file against a split.
   *
   * @param masks whether every prediction has a mask that is to be scored, too
   * @throws BadInput if it is no such file, names what the split does not have, or lacks a mask
   */
  public static Score score(Path predictions, ImageSet groundTruth, boolean masks) {
    DetectionScores scores = new DetectionScores(predictions, groundTruth, masks);
    Score boxes = CocoMetrics.score(scores.match(Iou.bbox));
    Optional<Score> ofMasks =
        scores.masks ? Optional.of(CocoMetrics.score(scores.match(Iou.segm))) : Optional.empty();
    Score score = ofMasks.map(found -> united(boxes, found)).orElse(boxes);
    return scores.obstacle.map(why -> withoutMasks(score, why)).orElse(score);
  }

  /** Writes which detection matched, image by image, and what each kind of error costs. */
  public static void writeStatistics(
      Path predictions, ImageSet groundTruth, boolean masks, Path statistics) {
    DetectionScores scores = new DetectionScores(predictions, groundTruth, masks);
    Optional<MatchTable> ofMasks =
        scores.masks ? Optional.of(scores.match(Iou.segm)) : Optional.empty();
    GroundTruth gt = GroundTruth.of(groundTruth);
    Map<String, Double> errors = new LinkedHashMap<>();
    Tide.of(gt, ResultsReader.read(predictions, gt), EvaluatorSettings.COCO)
        .cost()
        .forEach((kind, cost) -> errors.put(kind.name(), cost));
    MatchFile.write(statistics, new MatchStatistics(scores.match(Iou.bbox), ofMasks, errors));
  }

  /**
   * The score with image i counted {@code imageWeights[i]} times.
   *
   * @throws BadInput if the file is no statistics, or of another number of images
   */
  public static Score score(Path statistics, double[] imageWeights) {
    MatchStatistics stored = MatchFile.read(statistics);
    int images = stored.boxes().images();
    if (imageWeights.length != images) {
      throw new BadInput(
          statistics,
          "holds " + images + " images, found " + imageWeights.length + " weights",
          "Give one weight per image");
    }
    Score boxes = CocoMetrics.score(stored.boxes(), imageWeights);
    return stored
        .masks()
        .map(table -> united(boxes, CocoMetrics.score(table, imageWeights)))
        .orElse(boxes);
  }

  /** Where the run behind b differs from the one behind a: by figure, class, size and error. */
  public static JsonNode explain(Path statisticsA, Path statisticsB) {
    return DetectionComparison.of(MatchFile.read(statisticsA), MatchFile.read(statisticsB));
  }

  /** TIDE's cost of each kind of error of the boxes, {@code tide.Dupe} and its like. */
  public static Map<String, Double> diagnostics(Path statistics) {
    Map<String, Double> costs = new TreeMap<>();
    MatchFile.read(statistics).errors().forEach((kind, cost) -> costs.put("tide." + kind, cost));
    return costs;
  }

  /**
   * Draws PNG pictures of predictions against truth into {@code folder}; returns the files.
   *
   * @param masks whether masks decide what is right, and are drawn
   */
  public static List<Path> figures(
      Path predictions, ImageSet groundTruth, boolean masks, Path folder, int count)
      throws IOException {
    DetectionScores scores = new DetectionScores(predictions, groundTruth, masks);
    Iou iou = scores.masks ? Iou.segm : Iou.bbox;
    return DetectionPlots.draw(predictions, groundTruth, iou, folder, count);
  }

  /** Puts bundled known answers through the evaluators. */
  public static SelfTest selfTest() {
    return DetectionReferenceCases.test();
  }

  private MatchTable match(Iou iou) {
    EvaluatorSettings settings = EvaluatorSettings.COCO.on(iou);
    GroundTruth groundTruth = GroundTruth.of(set, iou);
    return CocoEvaluator.match(
        groundTruth, ResultsReader.read(predictions, groundTruth, settings), settings);
  }

  /** Both scores as one. */
  static Score united(Score boxes, Score masks) {
    Map<String, Optional<Double>> metrics = new LinkedHashMap<>(boxes.metrics());
    masks.metrics().forEach((name, value) -> metrics.put(MASK + name, value));
    JsonNode perClass = boxes.perClass().deepCopy();
    for (Map.Entry<String, JsonNode> row : masks.perClass().properties()) {
      if (perClass.get(row.getKey()) instanceof ObjectNode both) {
        row.getValue()
            .properties()
            .forEach(
                figure -> {
                  if (!figure.getKey().equals("truth")) {
                    both.set(MASK + figure.getKey(), figure.getValue());
                  }
                });
      }
    }
    List<String> warnings = new ArrayList<>(boxes.warnings());
    masks.warnings().stream().filter(warning -> !warnings.contains(warning)).forEach(warnings::add);
    return new Score(metrics, perClass, boxes.counts(), warnings);
  }

  private static Score withoutMasks(Score boxes, String why) {
    Map<String, Optional<Double>> metrics = new LinkedHashMap<>(boxes.metrics());
    boxes.metrics().keySet().forEach(name -> metrics.put(MASK + name, Optional.empty()));
    List<String> warnings = new ArrayList<>(boxes.warnings());
    warnings.add("masks were not scored: " + why);
    return new Score(metrics, boxes.perClass(), boxes.counts(), warnings);
  }
}
