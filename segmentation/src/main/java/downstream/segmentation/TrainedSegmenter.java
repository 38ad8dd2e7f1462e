package downstream.segmentation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.finetune.BlockHead;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.finetune.Letterbox;
import downstream.eval.finetune.LetterboxScale;
import downstream.eval.finetune.LetterboxedImages;
import downstream.eval.task.FittedModel;
import downstream.eval.torch.Autocast;
import downstream.eval.train.Gradients;
import downstream.segmentation.heads.Bilinear;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A trained segmenter. Under {@code whole} an image is seen once, in its {@link Letterbox}; logits
 * are enlarged to the square, the padding is cut off, and the rest is brought to the image's own
 * size before the decision, in this order (as mmseg does), so that no padding bleeds into the
 * image. Under {@code slide} it is seen in {@link SlidingWindows}.
 */
final class TrainedSegmenter implements FittedModel {
  private static final int BATCH = 8;

  private final EncoderWithHead<BlockHead> model;
  private final SegmentationProtocol protocol;

  TrainedSegmenter(EncoderWithHead<BlockHead> model, SegmentationProtocol protocol) {
    this.model = model;
    this.protocol = protocol;
  }

  @Override
  public void predict(ImageSet set, Path predictions) throws IOException {
    PredictionArchive.write(
        predictions,
        archive -> {
          if (protocol.slides()) {
            slide(set, archive);
          } else {
            whole(set, archive);
          }
        });
  }

  private void whole(ImageSet set, PredictionArchive.Writer archive) throws IOException {
    List<String> names = PredictionArchive.names(set);
    IntFunction<float[]> inputs =
        model.inputs(
            new LetterboxedImages(
                set, false, model.spec(), LetterboxScale.fit(protocol.imageSize())));
    for (int start = 0; start < names.size(); start += BATCH) {
      int first = start;
      int end = Math.min(names.size(), start + BATCH);
      try (Autocast ignored = model.autocast();
          NDManager scope = model.newScope()) {
        NDArray logits = logits(scope, inputs, start, end);
        for (int i = start; i < end; i++) {
          ImageRecord image = set.images().get(i);
          try (NDManager each = scope.newSubManager()) {
            NDArray own = one(logits, i - first, each);
            byte[] values = decide(own, image);
            archive.add(names.get(i), image.width(), image.height(), values);
          }
        }
      }
    }
  }

  /** Windows' logits are averaged where they overlap, at the scaled size of the image. */
  private void slide(ImageSet set, PredictionArchive.Writer archive) throws IOException {
    List<String> names = PredictionArchive.names(set);
    SlidingWindows windows = SlidingWindows.of(set, protocol.inference().stride(), model.spec());
    IntFunction<float[]> inputs = model.inputs(windows);
    int first = 0;
    for (int i = 0; i < names.size(); i++) {
      int end = first;
      while (end < windows.size() && windows.places().get(end).image() == i) {
        end++;
      }
      ImageRecord image = set.images().get(i);
      byte[] values = slide(image, windows.places(), inputs, first, end);
      archive.add(names.get(i), image.width(), image.height(), values);
      first = end;
    }
  }

  private byte[] slide(
      ImageRecord image,
      List<SlidingWindows.Place> places,
      IntFunction<float[]> inputs,
      int first,
      int end) {
    Letterbox box = Letterbox.cover(image.width(), image.height(), protocol.imageSize());
    try (Autocast ignored = model.autocast();
        NDManager scope = model.newScope()) {
      LogitSum sum = new LogitSum(box.width(), box.height());
      for (int start = first; start < end; start += BATCH) {
        int last = Math.min(end, start + BATCH);
        try (NDManager batch = scope.newSubManager()) {
          NDArray logits =
              Bilinear.resize(logits(batch, inputs, start, last), box.size(), box.size());
          for (int i = start; i < last; i++) {
            try (NDManager each = batch.newSubManager()) {
              sum.add(one(logits, i - start, each), places.get(i).x(), places.get(i).y());
            }
          }
        }
      }
      NDArray mean = sum.mean(scope);
      return Logits.decide(Bilinear.resize(mean, image.height(), image.width()));
    }
  }

  /** The logits of views {@code start} to {@code end} − 1. */
  private NDArray logits(NDManager scope, IntFunction<float[]> inputs, int start, int end) {
    List<float[]> batch = IntStream.range(start, end).parallel().mapToObj(inputs).toList();
    ParameterStore store = new ParameterStore(scope, false);
    return Gradients.without(
        () -> {
          NDList maps = model.features(store, scope, batch, false);
          return model.head().forward(store, maps, false).head();
        });
  }

  private static NDArray one(NDArray logits, int index, NDManager owner) {
    NDArray own = logits.get(index + ":" + (index + 1));
    own.attach(owner);
    return own;
  }

  /** [1, C, h, w] → width × height classes. */
  private byte[] decide(NDArray logits, ImageRecord image) {
    Letterbox box = Letterbox.fit(image.width(), image.height(), protocol.imageSize());
    NDArray square = Bilinear.resize(logits, box.size(), box.size());
    NDArray inside = square.get(":, :, 0:" + box.height() + ", 0:" + box.width());
    return Logits.decide(Bilinear.resize(inside, image.height(), image.width()));
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
