package downstream.segmentation.metrics;

import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.image.LabelMap;
import downstream.eval.data.image.LabelMapReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Scores of two folders of label maps of the same names, counted on all processors.
 *
 * @param matrix over the whole set
 * @param outlines boundary IoU, if asked for
 * @param eroded detectron2's form of it, if asked for
 */
public record MapScoring(
    ConfusionMatrix matrix,
    Optional<BoundaryIou> outlines,
    Optional<Detectron2BoundaryIou> eroded) {

  static MapScoring empty(int classes, boolean boundary) {
    return new MapScoring(
        new ConfusionMatrix(classes),
        boundary ? Optional.of(new BoundaryIou(classes)) : Optional.empty(),
        boundary && Detectron2BoundaryIou.fits(classes)
            ? Optional.of(new Detectron2BoundaryIou(classes))
            : Optional.empty());
  }

  /**
   * Counts every true label map and its prediction.
   *
   * @param ignore values of the ground truth that are no class, besides 255
   * @throws BadInput if a prediction is missing, cannot be read, is of another size, or holds what
   *     is no class; the first in the order of names
   */
  public static MapScoring of(
      LabelMapPairs groundTruth,
      LabelMapPairs predictions,
      Set<Integer> ignore,
      int classes,
      boolean boundary) {
    refuseMissing(groundTruth, predictions);
    List<String> names = groundTruth.names();
    int parts = Math.max(1, Math.min(names.size(), Runtime.getRuntime().availableProcessors()));
    return IntStream.range(0, parts)
        .parallel()
        .mapToObj(
            part -> {
              MapScoring scoring = empty(classes, boundary);
              LabelMapReader ofGroundTruth = new LabelMapReader();
              LabelMapReader ofPredictions = new LabelMapReader();
              for (int i = part; i < names.size(); i += parts) {
                LabelMap map = groundTruth.read(names.get(i), ignore, ofGroundTruth);
                scoring.add(predictions, names.get(i), map, ofPredictions);
              }
              return scoring;
            })
        .reduce(empty(classes, boundary), MapScoring::plus);
  }

  private static void refuseMissing(LabelMapPairs groundTruth, LabelMapPairs predictions) {
    Set<String> missing = new TreeSet<>(groundTruth.names());
    predictions.names().forEach(missing::remove);
    if (!missing.isEmpty()) {
      String first = missing.iterator().next();
      throw new BadInput(
          predictions.where(first),
          "no such prediction; "
              + missing.size()
              + " of "
              + groundTruth.names().size()
              + " label maps have none",
          "Name predictions like the ground truth; the nearest is '"
              + Json.nearest(first, predictions.names())
              + "'");
    }
  }

  private void add(
      LabelMapPairs predictions, String name, LabelMap groundTruth, LabelMapReader reader) {
    add(predictions.where(name), groundTruth, predictions.prediction(name, groundTruth, reader));
  }

  /**
   * Counts one image.
   *
   * @param where names the prediction in errors
   */
  void add(Object where, LabelMap groundTruth, LabelMap prediction) {
    matrix.add(where, groundTruth.values(), prediction.values());
    outlines.ifPresent(counts -> counts.add(groundTruth, prediction));
    eroded.ifPresent(counts -> counts.add(groundTruth, prediction));
  }

  /** Both counts in one; neither is used again. */
  MapScoring plus(MapScoring other) {
    MapScoring sum = empty(matrix.classes(), outlines.isPresent());
    for (MapScoring part : List.of(this, other)) {
      sum.matrix.add(part.matrix, 1);
      sum.outlines.ifPresent(counts -> part.outlines.ifPresent(counts::add));
      sum.eroded.ifPresent(counts -> part.eroded.ifPresent(counts::add));
    }
    return sum;
  }
}
