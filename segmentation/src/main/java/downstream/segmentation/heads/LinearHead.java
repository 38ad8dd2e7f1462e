package downstream.segmentation.heads;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import downstream.eval.parallel.BatchNorm;

/**
 * The linear head: batch norm, then a 1×1 convolution on the last map, one logit a class and cell;
 * nothing but the features themselves can tell the classes apart. It is how DINOv2 (Oquab et al.,
 * 2023, section 7.4) evaluates frozen features; the batch norm takes out the scale of the features,
 * which differs much between pretraining methods.
 */
final class LinearHead extends SegmentationHead {
  private final SequentialBlock layers;

  LinearHead(HeadSettings settings, int classes) {
    layers =
        addChildBlock(
            "layers",
            new SequentialBlock()
                .add(new BatchNorm())
                .add(HeadLayers.classifier(classes, settings.dropout())));
  }

  /** [N, C, h, w] → [N, classes, h, w]. */
  @Override
  NDList outputs(ParameterStore store, NDList maps, boolean training) {
    return layers.forward(store, new NDList(maps.get(maps.size() - 1)), training);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... maps) {
    layers.initialize(manager, type, maps[maps.length - 1]);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] maps) {
    return layers.getOutputShapes(new Shape[] {maps[maps.length - 1]});
  }
}
