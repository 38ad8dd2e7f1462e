package downstream.segmentation.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;

/**
 * A 2×2 transposed convolution of stride 2: a 1×1 convolution to four times the channels and depth
 * to space, which is the same because windows do not overlap. It has no bias: a batch norm that
 * follows, here or behind the 1×1 convolution of the next level, would take it out.
 */
final class Doubling extends HeadBlock {
  private static final int POSITIONS = 4;

  private final int channels;
  private final Conv2d four;

  Doubling(int channels) {
    this.channels = channels;
    four = addChildBlock("four", Layers.convolution(1, POSITIONS * channels));
  }

  /** [N, C, h, w] → [N, 4 C, h, w] → [N, C, 2h, 2w]. */
  @Override
  NDList logits(ParameterStore store, NDList maps, boolean training) {
    NDArray map = four.forward(store, maps, training).singletonOrThrow();
    long images = map.getShape().get(0);
    long height = map.getShape().get(2);
    long width = map.getShape().get(3);
    return new NDList(
        map.reshape(images, channels, 2, 2, height, width)
            .transpose(0, 1, 4, 2, 5, 3)
            .reshape(images, channels, 2 * height, 2 * width));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... maps) {
    four.initialize(manager, type, maps[0]);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] maps) {
    Shape map = maps[0];
    return new Shape[] {new Shape(map.get(0), channels, 2 * map.get(2), 2 * map.get(3))};
  }
}
