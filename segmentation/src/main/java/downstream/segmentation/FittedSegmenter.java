package downstream.segmentation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import downstream.eval.data.ImageSet;
import downstream.eval.data.Picture;
import downstream.eval.run.FittedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

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
    IntFunction<float[]> inputs = segmenter.inputs(new Letterboxed(set, false, segmenter.spec()));
    boolean gradients = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      PredictionArchive.write(
          predictions,
          archive -> {
            for (int start = 0; start < pictures.size(); start += BATCH) {
              int end = Math.min(pictures.size(), start + BATCH);
              List<float[]> batch =
                  IntStream.range(start, end).parallel().mapToObj(inputs).toList();
              predict(batch, pictures.subList(start, end), names.subList(start, end), archive);
            }
          });
    } finally {
      JniUtils.setGradMode(gradients);
    }
  }

  private void predict(
      List<float[]> inputs,
      List<Picture> batch,
      List<String> names,
      PredictionArchive.Writer archive)
      throws IOException {
    try (NDManager scope = segmenter.newScope()) {
      NDArray logits = segmenter.logits(new ParameterStore(scope, false), scope, inputs, false);
      for (int i = 0; i < batch.size(); i++) {
        int width = batch.get(i).width();
        int height = batch.get(i).height();
        try (NDManager each = scope.newSubManager()) {
          NDArray own = logits.get(i + ":" + (i + 1));
          own.attach(each);
          archive.add(names.get(i), width, height, decide(own, width, height));
        }
      }
    }
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
