package downstream.eval.classification;

import downstream.eval.confusion.ConfusionHeatMap;
import downstream.eval.task.Evaluation;
import downstream.eval.task.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Stored predictions beside the labels, read once. */
final class ClassificationEvaluation implements Evaluation {
  private final LabelledCrops examples;
  private final List<Prediction> predictions;
  private final ClassificationStatistics statistics;

  private ClassificationEvaluation(LabelledCrops examples, List<Prediction> predictions) {
    this.examples = examples;
    this.predictions = predictions;
    statistics = ClassificationStatistics.of(examples, predictions);
  }

  static ClassificationEvaluation of(Path predictions, LabelledCrops examples) throws IOException {
    return new ClassificationEvaluation(examples, TopClassesFile.read(predictions, examples));
  }

  @Override
  public Score score() {
    return ClassificationScores.of(statistics.sum(), statistics.classes());
  }

  @Override
  public void writeStatistics(Path file) {
    statistics.write(file);
  }

  @Override
  public List<Path> plots(Path folder, int count) throws IOException {
    Files.createDirectories(folder);
    ExampleSheet sheet = new ExampleSheet(examples, predictions);
    return List.of(
        sheet.draw(sheet.spread(count), folder.resolve("predictions.png")),
        sheet.draw(sheet.worst(count), folder.resolve("worst.png")),
        ConfusionHeatMap.draw(
            statistics.sum(), statistics.classes(), List.of(), folder.resolve("confusion.png")));
  }
}
