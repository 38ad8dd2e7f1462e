package downstream.segmentation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import downstream.eval.data.Image;
import downstream.eval.data.ImageSet;
import downstream.eval.data.Picture;
import downstream.eval.run.FittedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A trained segmenter. A picture is seen once, whole, in its {@link Letterbox}; logits are enlarged
 * to the square, the padding is cut off, and the rest is brought to the picture's own size before
 * the decision, in this order (as mmseg does), so that no padding bleeds into the picture.
 */
final class FittedSegmenter implements FittedModel {
  private static final int BATCH = 8;

  private final Segmenter segmenter;
  private final String digest;

  FittedSegmenter(Segmenter segmenter, String digest) {
    this.segmenter = segmenter;
    this.digest = digest;
  }

  @Override
  public void predict(ImageSet set, Path predictions) throws IOException {
    List<Picture> pictures = set.pictures();
    List<String> names = PredictionArchive.names(set);
    boolean gradients = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      PredictionArchive.write(
          predictions,
          archive -> {
            for (int start = 0; start < pictures.size(); start += BATCH) {
              int end = Math.min(pictures.size(), start + BATCH);
              predict(pictures.subList(start, end), names.subList(start, end), archive);
            }
          });
    } finally {
      JniUtils.setGradMode(gradients);
    }
  }

  private void predict(List<Picture> batch, List<String> names, PredictionArchive.Writer archive)
      throws IOException {
    List<Image> images = batch.parallelStream().map(p -> Image.read(p.file())).toList();
    try (NDManager scope = segmenter.newScope()) {
      NDArray logits =
          segmenter.logits(new ParameterStore(scope, false), squares(images, scope), false);
      for (int i = 0; i < images.size(); i++) {
        int width = images.get(i).width();
        int height = images.get(i).height();
        try (NDManager each = scope.newSubManager()) {
          NDArray own = logits.get(i + ":" + (i + 1));
          own.attach(each);
          archive.add(names.get(i), width, height, decide(own, width, height));
        }
      }
    }
  }

  /** [N, 3, S, S], normalised. */
  private NDArray squares(List<Image> images, NDManager scope) {
    int size = segmenter.protocol().imageSize();
    List<Double> mean = segmenter.spec().mean();
    List<float[]> planes =
        images.parallelStream()
            .map(image -> Letterbox.fit(image.width(), image.height(), size).place(image, mean))
            .map(square -> square.planes(mean, segmenter.spec().std()))
            .toList();
    float[] all = new float[images.size() * 3 * size * size];
    for (int i = 0; i < planes.size(); i++) {
      System.arraycopy(planes.get(i), 0, all, i * 3 * size * size, 3 * size * size);
    }
    return scope.create(all, new Shape(images.size(), 3, size, size));
  }

  /** [1, C, h, w] → width × height classes. */
  private byte[] decide(NDArray logits, int width, int height) {
    Letterbox box = Letterbox.fit(width, height, segmenter.protocol().imageSize());
    NDArray square = Logits.resize(logits, box.size(), box.size());
    NDArray picture = square.get(":, :, 0:" + box.height() + ", 0:" + box.width());
    return Logits.decide(Logits.resize(picture, height, width));
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public void close() {
    segmenter.close();
  }
}
