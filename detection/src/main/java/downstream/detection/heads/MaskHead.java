package downstream.detection.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import downstream.detection.layers.LayerFactory;
import downstream.eval.torch.TransposedConvolution2x;
import org.jspecify.annotations.Nullable;

/**
 * The mask branch (He et al. 2017, figure 4, right): convolutions at 14×14, doubled to 28×28 by a
 * transposed one, then a mask for every class.
 *
 * <p>In: pooled regions [R · 14 · 14, C]. Out: logits [R, classes, 28, 28].
 */
final class MaskHead extends AbstractBlock {
  /** Bins that regions are pooled to. */
  static final int POOLED = 14;

  /** Cells of a mask. */
  static final int SIDE = 2 * POOLED;

  private static final byte VERSION = 1;

  private final int width;
  private final SequentialBlock tower;
  private final Conv2d masks;

  MaskHead(int width, RoiSettings roi, LayerFactory layers, int categories) {
    super(VERSION);
    this.width = width;
    tower = layers.tower(roi.maskConvolutions(), width);
    tower
        .add(new TransposedConvolution2x(width, true, LayerFactory.he()))
        .add(Activation.reluBlock());
    addChildBlock("tower", tower);
    masks =
        addChildBlock(
            "masks", LayerFactory.convolution(1, categories, true, LayerFactory.normal(0.001)));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    NDArray bins = inputs.singletonOrThrow();
    NDArray maps = bins.reshape(-1, POOLED, POOLED, width).transpose(0, 3, 1, 2);
    return masks.forward(store, tower.forward(store, new NDList(maps), training), training);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputShapes) {
    tower.initialize(manager, type, new Shape(1, width, POOLED, POOLED));
    masks.initialize(manager, type, new Shape(1, width, SIDE, SIDE));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    long regions = inputShapes[0].get(0) / (POOLED * POOLED);
    return masks.getOutputShapes(new Shape[] {new Shape(regions, width, SIDE, SIDE)});
  }
}
