package downstream.segmentation.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Pyramid pooling (Zhao et al., 2017, section 3.2): the map averaged over grids of 1, 2, 3 and 6
 * cells a side, each through a 1×1 convolution and enlarged again, all beside the map itself, and a
 * 3×3 convolution over them.
 */
final class PyramidPooling extends SegmentationHead {
  private static final int[] GRIDS = {1, 2, 3, 6};

  private final List<SequentialBlock> pooled = new ArrayList<>();
  private final SequentialBlock bottleneck;

  PyramidPooling(int width) {
    for (int grid : GRIDS) {
      pooled.add(addChildBlock("grid" + grid, HeadLayers.normed(1, width)));
    }
    bottleneck = addChildBlock("bottleneck", HeadLayers.normed(3, width));
  }

  /** [N, C, h, w] → [N, C + 4 W, h, w] → [N, W, h, w]. */
  @Override
  NDList outputs(ParameterStore store, NDList maps, boolean training) {
    NDArray map = maps.singletonOrThrow();
    NDList all = new NDList(map);
    for (int i = 0; i < GRIDS.length; i++) {
      NDList average = new NDList(average(map, GRIDS[i]));
      NDArray grid = pooled.get(i).forward(store, average, training).singletonOrThrow();
      all.add(Bilinear.resize(grid, map.getShape().get(2), map.getShape().get(3)));
    }
    return bottleneck.forward(store, new NDList(UperNetHead.joined(all)), training);
  }

  /**
   * The averages over a grid of cells: [N, C, h, w] → [N, C, grid, grid]. Bin i covers rows ⌊i h /
   * grid⌋ to ⌈(i + 1) h / grid⌉, as PyTorch's adaptive pooling has it, which overlaps where grid
   * does not divide h; the average of a rectangle is that of its rows' averages, so it is two
   * products.
   */
  static NDArray average(NDArray map, int grid) {
    Shape shape = map.getShape();
    long images = shape.get(0);
    long channels = shape.get(1);
    int height = Math.toIntExact(shape.get(2));
    int width = Math.toIntExact(shape.get(3));
    NDManager manager = map.getManager();
    NDArray rows = manager.create(bins(height, grid), new Shape(grid, height));
    NDArray columns = manager.create(bins(width, grid), new Shape(grid, width)).transpose();
    return rows.matMul(map.reshape(images * channels, height, width))
        .matMul(columns)
        .reshape(images, channels, grid, grid);
  }

  private static float[] bins(int size, int grid) {
    float[] bins = new float[grid * size];
    for (int bin = 0; bin < grid; bin++) {
      int from = bin * size / grid;
      int to = ((bin + 1) * size + grid - 1) / grid;
      for (int cell = from; cell < to; cell++) {
        bins[bin * size + cell] = 1f / (to - from);
      }
    }
    return bins;
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... maps) {
    Shape map = maps[0];
    long width = 0;
    for (SequentialBlock block : pooled) {
      block.initialize(manager, type, map);
      width += after(block, map).get(1);
    }
    Shape all = new Shape(map.get(0), map.get(1) + width, map.get(2), map.get(3));
    bottleneck.initialize(manager, type, all);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return bottleneck.getOutputShapes(inputShapes);
  }
}
