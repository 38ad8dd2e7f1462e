package downstream.segmentation;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.data.ImageSet;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.task.Evaluation;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Metric;
import downstream.eval.task.Protocol;
import downstream.eval.task.Resampler;
import downstream.eval.task.SelfTest;
import downstream.eval.task.Task;
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
  @Override
  public String name() {
    return "segmentation";
  }

  @Override
  public String version() {
    return "3";
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
    SegmentationTraining training = new SegmentationTraining(protocol, fit.train());
    return new TrainedSegmenter(EncoderWithHead.train(fit, protocol, training), protocol);
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
