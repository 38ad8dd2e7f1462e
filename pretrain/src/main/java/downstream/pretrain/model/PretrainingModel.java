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
  /** The encoder that is exported. */
  Encoder encoder();

  /**
   * Floating-point operations of training on one example: forward passes once, backward passes
   * twice more, passes without gradients once.
   */
  long flops();

  /**
   * Drawings of what the model does at an evaluation point, by name.
   *
   * @param sample a few examples, the same throughout the training
   */
  Map<String, Visualisation> visualisations(List<E> sample);

  /** The embeddings of images, in inference mode: [N] rows of D. */
  default float[][] embed(List<float[]> images, Step step) {
    int size = encoder().settings().imageSize();
    NDArray planes = Batches.images(images, size, step.manager());
    NDArray embeddings = encoder().embedding(step.store(), planes, false); // [N, D]
    return Batches.rows(embeddings).toArray(float[][]::new);
  }

  /**
   * The projections of images, [N] rows of d, of methods whose projector ends in a batch norm: that
   * keeps the spread at 1 whatever happens, and only the rank tells of a collapse.
   */
  default Optional<ImageEmbedder> projections() {
    return Optional.empty();
  }

  /** Examples spread evenly over the set, drawn the same way every time. */
  static <E> List<E> sample(Examples<E> examples, int count) {
    List<E> sample = new ArrayList<>();
    int some = Math.min(count, examples.size());
    try {
      for (int i = 0; i < some; i++) {
        int index = (int) ((long) i * examples.size() / some);
        sample.add(examples.load(index, new SplittableRandom(index)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sample;
  }
}
