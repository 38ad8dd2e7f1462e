package downstream.segmentation.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import downstream.eval.parallel.BatchShare;
import org.jspecify.annotations.Nullable;

/**
 * Takes out whole channels in training and scales the others up (Tompson et al. 2015): neighbouring
 * cells of a map are so alike that dropping single ones changes nothing.
 */
final class ChannelDropout extends AbstractBlock {
  private static final byte VERSION = 1;

  private final double rate;

  ChannelDropout(double rate) {
    super(VERSION);
    this.rate = rate;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    NDArray map = inputs.singletonOrThrow();
    if (!training) {
      return inputs;
    }
    NDManager scope = map.getManager();
    long channels = map.getShape().get(1);
    NDArray kept =
        BatchShare.current()
            .rows(
                (int) map.getShape().get(0),
                scope,
                count -> scope.randomUniform(0, 1, new Shape(count, channels, 1, 1)))
            .gte(rate);
    return new NDList(map.mul(kept.toType(DataType.FLOAT32, false).mul(1 / (1 - rate))));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return inputShapes;
  }
}
