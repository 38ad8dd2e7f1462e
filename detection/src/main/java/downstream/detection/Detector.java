package downstream.detection;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.ResultsWriter;
import downstream.eval.BadInput;
import downstream.eval.data.Box;
import downstream.eval.data.Category;
import downstream.eval.data.ImageSet;
import downstream.eval.data.Picture;
import downstream.eval.encoder.Backbone;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.run.Fit;
import downstream.eval.run.FittedModel;
import downstream.eval.train.Optimiser;
import downstream.eval.train.Plan;
import downstream.eval.train.Schedule;
import downstream.eval.train.Trained;
import downstream.eval.train.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** An encoder with an FCOS head, trained: what finds the objects of a picture. */
final class Detector implements FittedModel {
  private static final int CHECKPOINT_EVERY = 100;

  private final NDManager manager;
  private final Backbone backbone;
  private final FcosHead head;
  private final DetectionProtocol protocol;
  private final List<Category> categories;
  private final Pyramid pyramid;
  private String digest = "";

  private Detector(
      NDManager manager, Backbone backbone, DetectionProtocol protocol, List<Category> categories) {
    this.manager = manager;
    this.backbone = backbone;
    this.protocol = protocol;
    this.categories = categories;
    FeatureLevel last = backbone.levels().get(backbone.levels().size() - 1);
    pyramid = Pyramid.over(protocol.imageSize(), last.stride(), protocol.levels());
    head = new FcosHead(protocol, last.channels(), categories.size());
    long side = protocol.imageSize() / last.stride();
    head.initialize(manager, DataType.FLOAT32, new Shape(1, last.channels(), side, side));
  }

  /**
   * Trains, or takes up a training where its checkpoint left it.
   *
   * @throws BadInput before training, if data, protocol and encoder do not go together
   */
  static Detector fit(Fit fit) throws IOException {
    DetectionProtocol protocol = fit.protocol().as(DetectionProtocol.class);
    check(fit.train());
    EncoderFile encoder = fit.encoder().atSize(protocol.imageSize());
    List<FeatureLevel> levels = encoder.spec().levels();
    NDManager manager = fit.device().newManager();
    try {
      Backbone backbone =
          Backbone.open(
              encoder,
              List.of(levels.get(levels.size() - 1)),
              protocol.mode(),
              protocol.tuning(),
              manager,
              fit.features(),
              fit.threads());
      Engine.getInstance().setRandomSeed((int) fit.seed());
      Detector detector = new Detector(manager, backbone, protocol, fit.train().categories());
      detector.train(fit);
      return detector;
    } catch (IOException | RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static void check(ImageSet train) {
    if (train.categories().isEmpty()) {
      throw new BadInput(train.name(), "has no categories", "Name a data set with boxes");
    }
    if (train.pictures().stream().flatMap(p -> p.boxes().stream()).allMatch(Box::crowd)) {
      throw new BadInput(
          train.name(), "has no boxes to learn from", "Check the annotations and labelFraction");
    }
  }

  private void train(Fit fit) throws IOException {
    Plan plan =
        new Plan(
            protocol.steps(),
            protocol.batch(),
            new Optimiser.AdamW(protocol.learningRate(), protocol.weightDecay(), 0.9, 0.999),
            Schedule.cosine(protocol.warmup()),
            protocol.clip(),
            fit.seed(),
            CHECKPOINT_EVERY,
            fit.threads());
    Trained trained =
        TrainingLoop.train(
            plan,
            new DetectionExamples(
                fit.train(), protocol, backbone.spec(), pyramid, backbone::inputs),
            new FcosObjective(backbone, head, protocol, categories.size()),
            fit.folder());
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
    FcosDecoder decoder = new FcosDecoder(pyramid, protocol, categories.size());
    IntFunction<float[]> inputs = backbone.inputs(new WholePictures(set, false, backbone.spec()));
    for (int from = 0; from < set.pictures().size(); from += protocol.batch()) {
      int to = Math.min(set.pictures().size(), from + protocol.batch());
      List<float[]> batch = IntStream.range(from, to).parallel().mapToObj(inputs).toList();
      predict(batch, set.pictures().subList(from, to), from, decoder, boxes);
    }
    ResultsWriter.write(
        predictions,
        boxes,
        set.pictures().stream().map(Picture::id).toList(),
        categories.stream().map(Category::id).toList());
  }

  private void predict(
      List<float[]> inputs, List<Picture> batch, int first, FcosDecoder decoder, BoxTable boxes) {
    float[][] out = run(inputs);
    for (int i = 0; i < batch.size(); i++) {
      BoxTable found =
          decoder.decode(part(out[0], i, batch), part(out[1], i, batch), part(out[2], i, batch));
      Window window = Window.whole(batch.get(i), protocol.imageSize());
      for (int row = 0; row < found.size; row++) {
        add(found, row, window, batch.get(i), first + i, boxes);
      }
    }
  }

  /** Class logits, distances and centre-ness of a batch, each image's after the other's. */
  private float[][] run(List<float[]> inputs) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try (NDManager scope = manager.newSubManager()) {
      ParameterStore store = new ParameterStore(scope, false);
      List<NDArray> maps = backbone.features(store, scope, inputs, false);
      NDList out = head.forward(store, new NDList(maps.get(maps.size() - 1)), false);
      return out.stream().map(NDArray::toFloatArray).toArray(float[][]::new);
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  private static float[] part(float[] all, int index, List<Picture> batch) {
    int length = all.length / batch.size();
    return Arrays.copyOfRange(all, index * length, (index + 1) * length);
  }

  /** Adds a detection in picture pixels, cut off at the picture's edges. */
  private static void add(
      BoxTable found, int row, Window window, Picture picture, int image, BoxTable boxes) {
    double width = found.width[row] / window.scale();
    double height = found.height[row] / window.scale();
    double left = window.toPictureX(found.x[row], found.width[row]);
    double top = window.toPictureY(found.y[row]);
    double x = Math.max(0, left);
    double y = Math.max(0, top);
    double right = Math.min(picture.width(), left + width);
    double bottom = Math.min(picture.height(), top + height);
    if (right > x && bottom > y) {
      boxes.add(image, found.category[row], x, y, right - x, bottom - y, found.score[row]);
    }
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public void close() {
    backbone.close();
    manager.close();
  }
}
