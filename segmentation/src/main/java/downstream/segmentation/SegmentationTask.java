package downstream.segmentation;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.data.ImageSet;
import downstream.eval.data.LabelMap;
import downstream.eval.data.Picture;
import downstream.eval.run.Fit;
import downstream.eval.run.FittedModel;
import downstream.eval.run.Metric;
import downstream.eval.run.Protocol;
import downstream.eval.run.Score;
import downstream.eval.run.SelfTest;
import downstream.eval.run.Task;
import downstream.eval.train.Plan;
import downstream.eval.train.Trained;
import downstream.eval.train.TrainingLoop;
import downstream.segmentation.metrics.Agreement;
import downstream.segmentation.metrics.Comparison;
import downstream.segmentation.metrics.ConfusionMatrix;
import downstream.segmentation.metrics.LabelMaps;
import downstream.segmentation.metrics.PictureMatrices;
import downstream.segmentation.metrics.SegmentationScores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
  public FittedModel fit(Fit fit) throws IOException {
    SegmentationProtocol protocol = fit.protocol().as(SegmentationProtocol.class);
    List<String> classes = Truth.classes(fit.train());
    fit.train().pictures().parallelStream().forEach(picture -> Truth.of(picture, fit.train()));
    int batch = Math.min(protocol.batch(), fit.train().pictures().size());
    if (protocol.head().equals("upernet") && batch < 2) {
      throw new BadInput(
          "batch",
          "upernet's batch norm needs two pictures at a time, found " + batch,
          "Set batch to 2 or more, and give it as many pictures");
    }
    Segmenter segmenter = Segmenter.open(fit, protocol, classes.size());
    try {
      Trained trained =
          TrainingLoop.train(
              plan(protocol, fit),
              new SegmentationExamples(fit.train(), protocol, segmenter.spec(), segmenter::inputs),
              new SegmentationObjective(segmenter),
              fit.folder(),
              fit.certified());
      return new FittedSegmenter(segmenter, trained.digest());
    } catch (IOException | RuntimeException e) {
      segmenter.close();
      throw e;
    }
  }

  static Plan plan(SegmentationProtocol protocol, Fit fit) {
    return new Plan(
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
  public Score score(Path predictions, ImageSet truth, Protocol protocol) {
    return score(matrices(predictions, truth).sum(), truth);
  }

  private static Score score(ConfusionMatrix sum, ImageSet truth) {
    return SegmentationScores.of(sum, Truth.classes(truth), truth.pictures().size());
  }

  @Override
  public void writeStatistics(
      Path predictions, ImageSet truth, Protocol protocol, Path statistics) {
    matrices(predictions, truth).write(statistics);
  }

  @Override
  public Score score(Path statistics, double[] imageWeights) throws IOException {
    PictureMatrices matrices = PictureMatrices.read(statistics);
    long images = Arrays.stream(imageWeights).mapToLong(PictureMatrices::whole).sum();
    return SegmentationScores.of(matrices.sum(imageWeights), matrices.classes(), images);
  }

  @Override
  public Optional<SelfTest> selfTest() {
    return Optional.of(SegmentationScores.selfTest());
  }

  @Override
  public JsonNode explain(Path statisticsA, Path statisticsB) throws IOException {
    return Comparison.of(PictureMatrices.read(statisticsA), PictureMatrices.read(statisticsB));
  }

  @Override
  public List<Path> figures(
      Path predictions, ImageSet truth, Protocol protocol, Path folder, int count) {
    PictureMatrices matrices = matrices(predictions, truth);
    List<String> classes = Truth.classes(truth);
    Palette palette = Palette.of(truth);
    List<Integer> even = PredictionSheet.spread(truth.pictures().size(), count);
    try (LabelMaps maps = LabelMaps.open(predictions)) {
      return List.of(
          PredictionSheet.draw(maps, truth, even, folder.resolve("predictions.png")),
          PredictionSheet.draw(maps, truth, matrices.worst(count), folder.resolve("worst.png")),
          ConfusionFigure.draw(matrices.sum(), classes, palette, folder.resolve("confusion.png")),
          ClassFigure.draw(
              Agreement.of(matrices.sum()), classes, palette, folder.resolve("iou.png")));
    }
  }

  private static PictureMatrices matrices(Path predictions, ImageSet truth) {
    List<String> classes = Truth.classes(truth);
    List<String> names = PredictionArchive.names(truth);
    List<ConfusionMatrix> matrices = new ArrayList<>();
    try (LabelMaps maps = LabelMaps.open(predictions)) {
      for (int i = 0; i < names.size(); i++) {
        Picture picture = truth.pictures().get(i);
        matrices.add(matrix(maps, names.get(i), Truth.of(picture, truth), classes.size()));
      }
    }
    List<String> pictures = truth.pictures().stream().map(Picture::name).toList();
    return new PictureMatrices(classes, pictures, matrices);
  }

  private static ConfusionMatrix matrix(
      LabelMaps predictions, String name, LabelMap truth, int classes) {
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    LabelMap prediction = predictions.prediction(name, truth);
    matrix.add(predictions.where(name), truth.values(), prediction.values());
    return matrix;
  }
}
