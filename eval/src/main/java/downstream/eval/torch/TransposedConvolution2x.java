package downstream.eval.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * A 2×2 transposed convolution of stride 2: a 1×1 convolution to four times the channels and depth
 * to space, which is the same because windows do not overlap. [N, C, H, W] → [N, filters, 2H, 2W].
 */
public final class TransposedConvolution2x extends AbstractBlock {
  private static final byte VERSION = 1;

  private final int filters;
  private final Conv2d four;

  /**
   * @param filters channels that come out
   * @param bias false where a batch norm that follows would take it out
   * @param weights of the convolution
   */
  public TransposedConvolution2x(int filters, boolean bias, Initializer weights) {
    super(VERSION);
    this.filters = filters;
    four =
        addChildBlock(
            "four",
            new AutocastConvolution(
                Conv2d.builder()
                    .setKernelShape(new Shape(1, 1))
                    .setFilters(4 * filters)
                    .optBias(bias)));
    four.setInitializer(weights, Parameter.Type.WEIGHT);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    return new NDList(spread(four.forward(store, inputs, training).singletonOrThrow()));
  }

  /** Depth to space: [N, 4·c, H, W] → [N, c, 2H, 2W]. */
  NDArray spread(NDArray map) {
    Shape shape = map.getShape();
    long images = shape.get(0);
    long height = shape.get(2);
    long width = shape.get(3);
    return map.reshape(images, filters, 2, 2, height, width)
        .transpose(0, 1, 4, 2, 5, 3)
        .reshape(images, filters, 2 * height, 2 * width);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputShapes) {
    four.initialize(manager, type, inputShapes[0]);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    Shape in = inputShapes[0];
    return new Shape[] {new Shape(in.get(0), filters, 2 * in.get(2), 2 * in.get(3))};
  }
}
