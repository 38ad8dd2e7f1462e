package downstream.eval.classification;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.data.ImageSet;
import downstream.eval.task.Evaluation;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Metric;
import downstream.eval.task.Protocol;
import downstream.eval.task.Resampler;
import downstream.eval.task.SelfTest;
import downstream.eval.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Image classification: of images in class folders, or of objects cut out by the boxes of a
 * detection data set.
 */
public final class ClassificationTask implements Task {
  @Override
  public String name() {
    return "classification";
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public String summary() {
    return "A class for every image, or for every object cut out of one; top-1 accuracy.";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        new Metric(ClassificationScores.TOP_1, true),
        new Metric(ClassificationScores.TOP_5, true),
        new Metric(ClassificationScores.MEAN_ACCURACY, true));
  }

  @Override
  public List<String> protocols() {
    return List.of("knn", "linear-probe", "finetune", "smoke");
  }

  @Override
  public Class<? extends Record> protocolType() {
    return ClassificationProtocol.class;
  }

  @Override
  public String predictionsFile() {
    return "predictions.json.gz";
  }

  @Override
  public FittedModel fit(FitRequest fit) throws IOException {
    ClassificationProtocol protocol = fit.protocol().as(ClassificationProtocol.class);
    return protocol.head().knn()
        ? KnnClassifier.fit(fit, protocol)
        : LinearClassifier.fit(fit, protocol);
  }

  @Override
  public Evaluation evaluate(Path predictions, ImageSet groundTruth, Protocol protocol)
      throws IOException {
    return ClassificationEvaluation.of(
        predictions, protocol.as(ClassificationProtocol.class).examples(groundTruth));
  }

  @Override
  public Resampler resampler(Path statistics) throws IOException {
    ClassificationStatistics read = ClassificationStatistics.read(statistics);
    return weights -> ClassificationScores.of(read.sum(weights), read.classes());
  }

  @Override
  public Optional<SelfTest> selfTest() {
    return Optional.of(ClassificationReferenceCases.test());
  }

  @Override
  public JsonNode explain(Path statisticsA, Path statisticsB) throws IOException {
    return ClassificationComparison.of(
        ClassificationStatistics.read(statisticsA), ClassificationStatistics.read(statisticsB));
  }
}
