package downstream.detection;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.detection.heads.DetectionProtocol;
import downstream.detection.heads.Detections;
import downstream.detection.heads.Head;
import downstream.detection.heads.Heads;
import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.ResultsWriter;
import downstream.detection.metrics.Rle;
import downstream.eval.BadInput;
import downstream.eval.data.Box;
import downstream.eval.data.Category;
import downstream.eval.data.ImageSet;
import downstream.eval.data.Picture;
import downstream.eval.encoder.Backbone;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderRewrites;
import downstream.eval.run.Fit;
import downstream.eval.run.FittedModel;
import downstream.eval.train.Gradients;
import downstream.eval.train.Plan;
import downstream.eval.train.Trained;
import downstream.eval.train.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** An encoder with a head, trained: what finds the objects of a picture. */
final class Detector implements FittedModel {
  private static final int CHECKPOINT_EVERY = 100;

  private final NDManager manager;
  private final Backbone backbone;
  private final Head head;
  private final DetectionProtocol protocol;
  private final List<Category> categories;
  private String digest = "";
  private List<String> notes = List.of();

  private Detector(
      NDManager manager,
      Backbone backbone,
      Head head,
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
  static Detector fit(Fit fit) throws IOException {
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
      Head head = Heads.create(protocol, encoder.spec().levels(), categories.size(), manager);
      Backbone backbone =
          Backbone.open(
              encoder,
              head.reads(),
              protocol.mode(),
              protocol.tuning(),
              manager,
              fit.features(),
              fit.threads());
      Detector detector = new Detector(manager, backbone, head, protocol, categories);
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
        .noneMatch(box -> Silhouette.of(box).isPresent())) {
      throw new BadInput(
          train.name(),
          "has no masks to learn from: no annotation has a segmentation",
          "Set head=faster-rcnn, or use annotations with polygons or RLE");
    }
  }

  private void train(Fit fit) throws IOException {
    Plan plan =
        new Plan(
            protocol.steps(),
            protocol.batch(),
            protocol.rule(),
            protocol.rates(),
            protocol.clip(),
            fit.seed(),
            CHECKPOINT_EVERY,
            fit.threads());
    Trained trained =
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
        backbone.inputs(new WholePictures(set, false, backbone.spec(), protocol));
    for (int from = 0; from < set.pictures().size(); from += protocol.batch()) {
      int to = Math.min(set.pictures().size(), from + protocol.batch());
      List<float[]> batch = IntStream.range(from, to).parallel().mapToObj(inputs).toList();
      predict(batch, set.pictures().subList(from, to), from, boxes);
    }
    ResultsWriter.write(
        predictions,
        boxes,
        set.pictures().stream().map(Picture::id).toList(),
        categories.stream().map(Category::id).toList());
  }

  private void predict(List<float[]> inputs, List<Picture> batch, int first, BoxTable boxes) {
    List<Detections> found = run(inputs);
    for (int i = 0; i < batch.size(); i++) {
      Window window = Window.whole(batch.get(i), protocol);
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
      Detections found, int row, Window window, Picture picture, int image, BoxTable boxes) {
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
