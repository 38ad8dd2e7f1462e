package downstream.segmentation.heads;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;

/**
 * A second, small head on the map before the last (Zhao et al., 2017, section 3.3): one 3×3
 * convolution with batch norm and ReLU, and a 1×1 convolution. It helps the middle of the encoder
 * to learn and is not there in prediction.
 */
final class AuxiliaryHead extends SegmentationHead {
  private final SequentialBlock layers = new SequentialBlock();
  private final boolean there;

  AuxiliaryHead(HeadSettings settings, int classes) {
    there = settings.hasAuxiliary();
    if (there) {
      layers
          .add(HeadLayers.normed(3, settings.auxiliaryWidth()))
          .add(HeadLayers.classifier(classes, settings.dropout()));
    }
    addChildBlock("layers", layers);
  }

  /** [N, C, h, w] → [N, classes, h, w]; nothing outside of training, or of a single map. */
  @Override
  NDList outputs(ParameterStore store, NDList maps, boolean training) {
    return there && training && maps.size() > 1
        ? layers.forward(store, new NDList(maps.get(maps.size() - 2)), true)
        : new NDList();
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... maps) {
    if (there && maps.length > 1) {
      layers.initialize(manager, type, maps[maps.length - 2]);
    }
  }

  /** Shapes in prediction: none. */
  @Override
  public Shape[] getOutputShapes(Shape[] maps) {
    return new Shape[0];
  }
}
