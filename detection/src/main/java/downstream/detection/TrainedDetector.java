package downstream.detection;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.detection.boxes.Detections;
import downstream.detection.heads.DetectionHead;
import downstream.detection.heads.DetectionProtocol;
import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.io.ResultsWriter;
import downstream.detection.metrics.mask.Rle;
import downstream.eval.BadInput;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.ImageSize;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.finetune.Letterbox;
import downstream.eval.finetune.LetterboxedImages;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.torch.Autocast;
import downstream.eval.train.Gradients;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A trained detector: predicts the objects of images. */
final class TrainedDetector implements FittedModel {
  private final EncoderWithHead<DetectionHead> model;
  private final DetectionProtocol protocol;
  private final List<Category> categories;

  private TrainedDetector(
      EncoderWithHead<DetectionHead> model, DetectionProtocol protocol, List<Category> categories) {
    this.model = model;
    this.protocol = protocol;
    this.categories = categories;
  }

  /**
   * Trains, or continues a training from its checkpoint.
   *
   * @throws BadInput before training, if data, protocol and encoder do not go together
   */
  static TrainedDetector fit(FitRequest fit) throws IOException {
    DetectionProtocol protocol = fit.protocol().as(DetectionProtocol.class);
    DetectionTraining training = new DetectionTraining(protocol, fit.train());
    return new TrainedDetector(
        EncoderWithHead.train(fit, protocol, training), protocol, fit.train().categories());
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
    int batch = protocol.data().batch();
    IntFunction<float[]> inputs =
        model.inputs(new LetterboxedImages(set, false, model.spec(), protocol.letterbox()));
    for (int from = 0; from < set.images().size(); from += batch) {
      int to = Math.min(set.images().size(), from + batch);
      List<float[]> read = IntStream.range(from, to).parallel().mapToObj(inputs).toList();
      predict(read, set.images().subList(from, to), from, boxes);
    }
    ResultsWriter.write(
        predictions,
        boxes,
        set.images().stream().map(ImageRecord::id).toList(),
        categories.stream().map(Category::id).toList());
  }

  private void predict(List<float[]> inputs, List<ImageRecord> batch, int first, BoxTable boxes) {
    List<Detections> found = run(inputs);
    for (int i = 0; i < batch.size(); i++) {
      ImageRecord record = batch.get(i);
      Letterbox box = protocol.letterbox().of(record.width(), record.height());
      ImageTransform transform = ImageTransform.of(box, record, false);
      for (int row = 0; row < found.get(i).size(); row++) {
        add(found.get(i), row, transform, record, first + i, boxes);
      }
    }
  }

  private List<Detections> run(List<float[]> inputs) {
    return Gradients.without(
        () -> {
          try (Autocast ignored = model.autocast();
              NDManager scope = model.newScope()) {
            ParameterStore store = new ParameterStore(scope, false);
            NDList maps = model.features(store, scope, inputs, false);
            return model.head().predict(store, scope, maps);
          }
        });
  }

  /** Adds a detection in image pixels, cut off at the image's edges. */
  private static void add(
      Detections found,
      int row,
      ImageTransform transform,
      ImageRecord record,
      int image,
      BoxTable boxes) {
    float[] corners = found.boxes();
    double inputWidth = (double) corners[4 * row + 2] - corners[4 * row];
    double width = inputWidth / transform.scaleX();
    double height = ((double) corners[4 * row + 3] - corners[4 * row + 1]) / transform.scaleY();
    double left = transform.toImageX(corners[4 * row], inputWidth);
    double top = transform.toImageY(corners[4 * row + 1]);
    double x = Math.max(0, left);
    double y = Math.max(0, top);
    double right = Math.min(record.width(), left + width);
    double bottom = Math.min(record.height(), top + height);
    if (right > x && bottom > y) {
      int category = found.category(row);
      int added = boxes.add(image, category, x, y, right - x, bottom - y, found.score(row));
      if (found.hasMasks()) {
        boolean[] pixels =
            new MaskPaste(left, top, width, height)
                .paste(
                    found.mask(row),
                    found.maskSide(),
                    new ImageSize(record.width(), record.height()));
        boxes.mask(added, Rle.ofPixels(pixels, record.height(), record.width()));
      }
    }
  }

  @Override
  public String digest() {
    return model.digest();
  }

  @Override
  public List<String> notes() {
    return model.notes();
  }

  @Override
  public void close() {
    model.close();
  }
}
