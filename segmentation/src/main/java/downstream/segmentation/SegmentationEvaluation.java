package downstream.segmentation;

import downstream.eval.confusion.ConfusionHeatMap;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.ContactSheet;
import downstream.eval.data.image.LabelMap;
import downstream.eval.task.Evaluation;
import downstream.eval.task.Score;
import downstream.segmentation.metrics.ConfusionMatrix;
import downstream.segmentation.metrics.LabelMapPairs;
import downstream.segmentation.metrics.PerImageConfusion;
import downstream.segmentation.metrics.SegmentationMetrics;
import downstream.segmentation.metrics.SegmentationScores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A run's predicted label maps, counted once into one confusion matrix per image. */
final class SegmentationEvaluation implements Evaluation {
  private final Path predictions;
  private final ImageSet set;
  private final List<String> classes;
  private final PerImageConfusion perImage;
  private final ConfusionMatrix sum;

  private SegmentationEvaluation(
      Path predictions, ImageSet set, List<String> classes, PerImageConfusion perImage) {
    this.predictions = predictions;
    this.set = set;
    this.classes = classes;
    this.perImage = perImage;
    this.sum = perImage.sum();
  }

  /**
   * Counts the pixels of every image.
   *
   * @throws downstream.eval.BadInput if a prediction is missing or of another size, or the set has
   *     no label maps
   */
  static SegmentationEvaluation of(Path predictions, ImageSet set) {
    List<String> classes = LabelMapChecker.classes(set);
    List<String> names = PredictionArchive.names(set);
    List<ConfusionMatrix> matrices = new ArrayList<>();
    try (LabelMapPairs maps = LabelMapPairs.open(predictions)) {
      for (int i = 0; i < names.size(); i++) {
        LabelMap groundTruth = LabelMapChecker.of(set.images().get(i), set);
        matrices.add(matrix(maps, names.get(i), groundTruth, classes.size()));
      }
    }
    List<String> images = set.images().stream().map(ImageRecord::name).toList();
    PerImageConfusion perImage = new PerImageConfusion(classes, images, matrices);
    return new SegmentationEvaluation(predictions, set, classes, perImage);
  }

  private static ConfusionMatrix matrix(
      LabelMapPairs predictions, String name, LabelMap groundTruth, int classes) {
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    LabelMap prediction = predictions.prediction(name, groundTruth);
    matrix.add(predictions.where(name), groundTruth.values(), prediction.values());
    return matrix;
  }

  @Override
  public Score score() {
    return SegmentationScores.of(sum, classes, set.images().size());
  }

  @Override
  public void writeStatistics(Path file) {
    perImage.write(file);
  }

  @Override
  public List<Path> plots(Path folder, int count) {
    Palette palette = Palette.of(set);
    List<Integer> even = ContactSheet.spread(set.images().size(), count);
    try (LabelMapPairs maps = LabelMapPairs.open(predictions)) {
      return List.of(
          PredictionSheet.draw(maps, set, even, folder.resolve("predictions.png")),
          PredictionSheet.draw(maps, set, perImage.worst(count), folder.resolve("worst.png")),
          ConfusionHeatMap.draw(
              sum, classes, palette.colours(classes.size()), folder.resolve("confusion.png")),
          ClassIouPlot.draw(
              SegmentationMetrics.of(sum), classes, palette, folder.resolve("iou.png")));
    }
  }
}
