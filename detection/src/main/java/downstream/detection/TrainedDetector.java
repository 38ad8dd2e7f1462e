package downstream.detection;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.detection.boxes.Detections;
import downstream.detection.heads.DetectionHead;
import downstream.detection.heads.DetectionHeads;
import downstream.detection.heads.DetectionProtocol;
import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.io.ResultsWriter;
import downstream.detection.metrics.mask.Rle;
import downstream.eval.BadInput;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import downstream.eval.encoder.Backbone;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.train.Gradients;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** An encoder with a head, trained: what finds the objects of a picture. */
final class TrainedDetector implements FittedModel {
  private static final int CHECKPOINT_EVERY = 100;

  private final NDManager manager;
  private final Backbone backbone;
  private final DetectionHead head;
  private final DetectionProtocol protocol;
  private final List<Category> categories;
  private String digest = "";
  private List<String> notes = List.of();

  private TrainedDetector(
      NDManager manager,
      Backbone backbone,
      DetectionHead head,
      DetectionProtocol protocol,
      List<Category> categories) {
    this.manager = manager;
    this.backbone = backbone;
    this.head = head;
    this.protocol = protocol;
    this.categories = categories;
  }

  /**
   * Trains, or takes up a training where its checkpoint left it.
   *
   * @throws BadInput before training, if data, protocol and encoder do not go together
   */
  static TrainedDetector fit(FitRequest fit) throws IOException {
    DetectionProtocol protocol = fit.protocol().as(DetectionProtocol.class);
    check(fit.train(), protocol.head());
    EncoderFile whole = EncoderRewrites.atSize(fit.encoder(), protocol.imageSize());
    Optional<EncoderFile> windowed =
        protocol.window() == 0
            ? Optional.empty()
            : EncoderRewrites.windowed(whole, protocol.window());
    EncoderFile encoder = windowed.orElse(whole);
    NDManager manager = fit.device().newManager();
    try {
      Engine.getInstance().setRandomSeed((int) fit.seed());
      List<Category> categories = fit.train().categories();
      DetectionHead head =
          DetectionHeads.create(protocol, encoder.spec().levels(), categories.size(), manager);
      Backbone backbone =
          Backbone.open(
              encoder,
              head.reads(),
              protocol.mode(),
              protocol.tuning(),
              manager,
              fit.features(),
              fit.threads());
      TrainedDetector detector = new TrainedDetector(manager, backbone, head, protocol, categories);
      detector.notes = notes(protocol, encoder, windowed.isPresent());
      detector.train(fit);
      return detector;
    } catch (IOException | RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static List<String> notes(
      DetectionProtocol protocol, EncoderFile encoder, boolean windowed) {
    List<String> notes = new ArrayList<>();
    notes.add("batch norm of the encoder: " + encoder.batchNorm(protocol.tuning()));
    if (protocol.window() > 0 && !windowed) {
      notes.add(
          "attention is not within windows of "
              + protocol.window()
              + " patches: only a transformer of this project without a class token can be"
              + " rewritten");
    }
    protocol.departures().forEach(departure -> notes.add("departure: " + departure));
    return notes;
  }

  private static void check(ImageSet train, String head) {
    if (train.categories().isEmpty()) {
      throw new BadInput(train.name(), "has no categories", "Name a data set with boxes");
    }
    if (train.pictures().stream().flatMap(p -> p.boxes().stream()).allMatch(Box::crowd)) {
      throw new BadInput(
          train.name(), "has no boxes to learn from", "Check the annotations and labelFraction");
    }
    if (head.equals("mask-rcnn")) {
      checkMasks(train);
    }
  }

  private static void checkMasks(ImageSet train) {
    if (train.pictures().stream()
        .flatMap(p -> p.boxes().stream())
        .noneMatch(box -> ObjectMask.of(box).isPresent())) {
      throw new BadInput(
          train.name(),
          "has no masks to learn from: no annotation has a segmentation",
          "Set head=faster-rcnn, or use annotations with polygons or RLE");
    }
  }

  private void train(FitRequest fit) throws IOException {
    TrainingPlan plan =
        new TrainingPlan(
            protocol.steps(),
            protocol.batch(),
            protocol.rule(),
            protocol.rates(),
            protocol.clip(),
            fit.seed(),
            CHECKPOINT_EVERY,
            fit.threads());
    TrainingResult trained =
        TrainingLoop.train(
            plan,
            new DetectionExamples(
                fit.train(), protocol, backbone.spec(), head.hasMasks(), backbone::inputs),
            new DetectionObjective(protocol.head(), backbone, head, protocol.encoderRateScale()),
            fit.folder(),
            fit.certified());
    digest = trained.digest();
  }

  @Override
  public void predict(ImageSet set, Path predictions) {
    if (!set.categories().equals(categories)) {
      throw new BadInput(
          set.name(),
          "has other categories than the training set (" + set.categories() + ")",
          "Score on a split with the categories " + categories);
    }
    BoxTable boxes = new BoxTable();
    IntFunction<float[]> inputs =
        backbone.inputs(new LetterboxedImages(set, false, backbone.spec(), protocol));
    for (int from = 0; from < set.pictures().size(); from += protocol.batch()) {
      int to = Math.min(set.pictures().size(), from + protocol.batch());
      List<float[]> batch = IntStream.range(from, to).parallel().mapToObj(inputs).toList();
      predict(batch, set.pictures().subList(from, to), from, boxes);
    }
    ResultsWriter.write(
        predictions,
        boxes,
        set.pictures().stream().map(ImageRecord::id).toList(),
        categories.stream().map(Category::id).toList());
  }

  private void predict(List<float[]> inputs, List<ImageRecord> batch, int first, BoxTable boxes) {
    List<Detections> found = run(inputs);
    for (int i = 0; i < batch.size(); i++) {
      ImageTransform window = ImageTransform.whole(batch.get(i), protocol);
      for (int row = 0; row < found.get(i).size(); row++) {
        add(found.get(i), row, window, batch.get(i), first + i, boxes);
      }
    }
  }

  private List<Detections> run(List<float[]> inputs) {
    return Gradients.without(
        () -> {
          try (NDManager scope = manager.newSubManager()) {
            ParameterStore store = new ParameterStore(scope, false);
            NDList maps = new NDList(backbone.features(store, scope, inputs, false));
            return head.detect(store, scope, maps);
          }
        });
  }

  /** Adds a detection in picture pixels, cut off at the picture's edges. */
  private static void add(
      Detections found,
      int row,
      ImageTransform window,
      ImageRecord picture,
      int image,
      BoxTable boxes) {
    float[] corners = found.boxes();
    double inputWidth = (double) corners[4 * row + 2] - corners[4 * row];
    double width = inputWidth / window.scale();
    double height = ((double) corners[4 * row + 3] - corners[4 * row + 1]) / window.scale();
    double left = window.toPictureX(corners[4 * row], inputWidth);
    double top = window.toPictureY(corners[4 * row + 1]);
    double x = Math.max(0, left);
    double y = Math.max(0, top);
    double right = Math.min(picture.width(), left + width);
    double bottom = Math.min(picture.height(), top + height);
    if (right > x && bottom > y) {
      int category = found.category(row);
      int added = boxes.add(image, category, x, y, right - x, bottom - y, found.score(row));
      if (found.hasMasks()) {
        boolean[] pixels =
            MaskPaste.paste(
                found.mask(row),
                found.maskSide(),
                left,
                top,
                width,
                height,
                picture.width(),
                picture.height());
        boxes.mask(added, Rle.ofPixels(pixels, picture.height(), picture.width()));
      }
    }
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public void close() {
    backbone.close();
    manager.close();
  }
}
