package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import downstream.eval.train.Examples;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.pretrain.monitor.ImageEmbedder;
import downstream.pretrain.monitor.Visualisation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** A model that a method trains, and the encoder within it that is exported. */
public interface PretrainingModel<E> extends Objective<E> {
  /** What is exported. */
  Encoder encoder();

  /**
   * Floating-point operations of training on one example: forward passes once, backward passes
   * twice more, passes without gradients once.
   */
  long flops();

  /** What to look at while it trains, by name. */
  Map<String, Visualisation> drawings(Examples<E> examples);

  /** The embeddings of images, in inference mode: [N] rows of D. */
  default float[][] embed(List<float[]> images, Step step) {
    int size = encoder().settings().imageSize();
    NDArray planes = Batches.images(images, size, step.manager());
    NDArray rows = encoder().embedding(step.store(), planes, false);
    return Reconstructions.rows(rows.toFloatArray(), images.size()).toArray(float[][]::new);
  }

  /**
   * What a projector makes of images, [N] rows of d, of methods whose projector ends in a batch
   * norm: that keeps the spread at 1 whatever happens, and only the rank tells of a collapse.
   */
  default Optional<ImageEmbedder> projections() {
    return Optional.empty();
  }

  /** Examples spread over the set, drawn the same way every time. */
  static <E> List<E> shown(Examples<E> examples, int count) {
    List<E> shown = new ArrayList<>();
    int some = Math.min(count, examples.size());
    try {
      for (int i = 0; i < some; i++) {
        int index = (int) ((long) i * examples.size() / some);
        shown.add(examples.load(index, new SplittableRandom(index)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shown;
  }
}
