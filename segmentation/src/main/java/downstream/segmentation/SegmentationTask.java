package downstream.segmentation;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.data.ImageSet;
import downstream.eval.task.Evaluation;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Metric;
import downstream.eval.task.Protocol;
import downstream.eval.task.Resampler;
import downstream.eval.task.SelfTest;
import downstream.eval.task.Task;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.TrainingResult;
import downstream.segmentation.metrics.PerImageConfusion;
import downstream.segmentation.metrics.SegmentationComparison;
import downstream.segmentation.metrics.SegmentationScores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Semantic segmentation: a class for every pixel, scored by the mean IoU over the whole set in
 * mmseg's convention, with detectron2's and torchvision's beside it.
 */
public final class SegmentationTask implements Task {
  private static final int CHECKPOINTS = 10;

  @Override
  public String name() {
    return "segmentation";
  }

  @Override
  public String version() {
    return "2";
  }

  @Override
  public String summary() {
    return "A class for every pixel; mean IoU over the whole set.";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        new Metric("mIoU", true),
        new Metric("mAcc", true),
        new Metric("aAcc", true),
        new Metric("fwIoU", true),
        new Metric("mDice", true),
        new Metric("mIoU.detectron2", true),
        new Metric("mIoU.torchvision", true));
  }

  @Override
  public List<String> protocols() {
    return List.of("small", "linear-frozen", "voc-fcn", "upernet-ade", "smoke");
  }

  @Override
  public Class<? extends Record> protocolType() {
    return SegmentationProtocol.class;
  }

  @Override
  public String predictionsFile() {
    return "predictions.zip";
  }

  @Override
  public FittedModel fit(FitRequest fit) throws IOException {
    SegmentationProtocol protocol = fit.protocol().as(SegmentationProtocol.class);
    List<String> classes = LabelMapChecker.classes(fit.train());
    fit.train().pictures().parallelStream()
        .forEach(image -> LabelMapChecker.of(image, fit.train()));
    int batch = Math.min(protocol.batch(), fit.train().pictures().size());
    if (protocol.head().equals("upernet") && batch < 2) {
      throw new BadInput(
          "batch",
          "upernet's batch norm needs two pictures at a time, found " + batch,
          "Set batch to 2 or more, and give it as many pictures");
    }
    Segmenter segmenter = Segmenter.open(fit, protocol, classes.size());
    try {
      TrainingResult trained =
          TrainingLoop.train(
              plan(protocol, fit),
              new SegmentationExamples(fit.train(), protocol, segmenter.spec(), segmenter::inputs),
              new SegmentationObjective(segmenter),
              fit.folder(),
              fit.certified());
      return new TrainedSegmenter(segmenter, trained.digest());
    } catch (IOException | RuntimeException e) {
      segmenter.close();
      throw e;
    }
  }

  static TrainingPlan plan(SegmentationProtocol protocol, FitRequest fit) {
    return new TrainingPlan(
        protocol.steps(),
        protocol.batch(),
        protocol.updates(),
        protocol.rates(),
        protocol.clip(),
        fit.seed(),
        Math.max(1, protocol.steps() / CHECKPOINTS),
        fit.threads());
  }

  @Override
  public Evaluation evaluate(Path predictions, ImageSet groundTruth, Protocol protocol) {
    return SegmentationEvaluation.of(predictions, groundTruth);
  }

  @Override
  public Resampler resampler(Path statistics) throws IOException {
    PerImageConfusion perImage = PerImageConfusion.read(statistics);
    return weights -> SegmentationScores.resample(perImage, weights);
  }

  @Override
  public Optional<SelfTest> selfTest() {
    return Optional.of(SegmentationScores.selfTest());
  }

  @Override
  public JsonNode explain(Path statisticsA, Path statisticsB) throws IOException {
    return SegmentationComparison.of(
        PerImageConfusion.read(statisticsA), PerImageConfusion.read(statisticsB));
  }
}
