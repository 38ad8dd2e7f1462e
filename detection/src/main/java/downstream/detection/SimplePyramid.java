package downstream.detection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The simple feature pyramid of a plain encoder (ViTDet, Li et al. 2022, section 3): every level is
 * made of the last map alone, the finest by a transposed convolution, the coarser ones by max
 * pooling; then 1×1 and 3×3 convolutions, each with group normalisation.
 *
 * <p>In: [N, C, H, W]. Out: [N, width, 2H, 2W], [N, width, H, W], [N, width, H/2, W/2], …
 */
final class SimplePyramid extends AbstractBlock {
  static final int GROUPS = 8;
  private static final byte VERSION = 1;

  private final int channels;
  private final int finerChannels;
  private final Conv2d finer;
  private final List<SequentialBlock> lateral = new ArrayList<>();

  SimplePyramid(int channels, int width, int levels) {
    super(VERSION);
    this.channels = channels;
    finerChannels = Math.max(1, channels / 2);
    finer = addChildBlock("finer", convolution(1, 4 * finerChannels, true));
    for (int level = 0; level < levels; level++) {
      SequentialBlock block =
          new SequentialBlock()
              .add(convolution(1, width, false))
              .add(new GroupNorm(GROUPS, width))
              .add(convolution(3, width, false))
              .add(new GroupNorm(GROUPS, width));
      lateral.add(addChildBlock("lateral" + level, block));
    }
  }

  /** A square convolution that keeps height and width. */
  static Conv2d convolution(int kernel, int filters, boolean bias) {
    return Conv2d.builder()
        .setKernelShape(new Shape(kernel, kernel))
        .optPadding(new Shape(kernel / 2, kernel / 2))
        .setFilters(filters)
        .optBias(bias)
        .build();
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    NDArray map = inputs.singletonOrThrow();
    NDArray four = finer.forward(store, inputs, training).singletonOrThrow();
    NDList levels = new NDList();
    NDArray source = spread(four);
    for (int level = 0; level < lateral.size(); level++) {
      levels.addAll(lateral.get(level).forward(store, new NDList(source), training));
      source =
          level == 0
              ? map
              : Pool.maxPool2d(source, new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false);
    }
    return levels;
  }

  /**
   * Depth to space: [N, 4·c, H, W] → [N, c, 2H, 2W]; with the 1×1 before it, a 2×2 transposed
   * convolution of stride 2.
   */
  NDArray spread(NDArray four) {
    Shape shape = four.getShape();
    long images = shape.get(0);
    long height = shape.get(2);
    long width = shape.get(3);
    return four.reshape(images, finerChannels, 2, 2, height, width)
        .transpose(0, 1, 4, 2, 5, 3)
        .reshape(images, finerChannels, 2 * height, 2 * width);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputShapes) {
    finer.initialize(manager, type, inputShapes[0]);
    for (int level = 0; level < lateral.size(); level++) {
      long in = level == 0 ? finerChannels : channels;
      lateral.get(level).initialize(manager, type, new Shape(1, in, 8, 8));
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    throw new UnsupportedOperationException("not needed: the pyramid's maps go to the towers");
  }
}
