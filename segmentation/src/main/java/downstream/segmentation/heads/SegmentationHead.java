package downstream.segmentation.heads;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * A head: an encoder's maps [N, C, h, w], finest first, to logits [N, classes, h, w]; in training
 * the logits of the auxiliary head, if there is one, stand behind them.
 */
abstract class SegmentationHead extends AbstractBlock {
  private static final byte VERSION = 1;

  SegmentationHead() {
    super(VERSION);
  }

  /** The logits of a batch. */
  abstract NDList outputs(ParameterStore store, NDList maps, boolean training);

  @Override
  protected final NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    return outputs(store, inputs, training);
  }

  /** Returns the shape of a part's output for a map of this shape. */
  static Shape after(Block part, Shape map) {
    return part.getOutputShapes(new Shape[] {map})[0];
  }
}
