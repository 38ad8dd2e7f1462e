package downstream.pretrain.monitor;

import downstream.eval.train.Step;
import java.util.List;

/** The encoder (or projector) of a training at an evaluation point. */
@FunctionalInterface
public interface ImageEmbedder {
  /**
   * Embeds images in inference mode, leaving the training as it was.
   *
   * @param images planes [3, S, S], normalised, of the probe's size
   * @param step owns the arrays made here; without gradients
   * @return one row [d] for each image
   */
  float[][] embed(List<float[]> images, Step step);
}
