package downstream.detection.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The feature pyramid network (Lin et al. 2017, section 3): each of the encoder's maps through a
 * 1×1 convolution, plus the next coarser result doubled by nearest neighbours, then a 3×3
 * convolution; and the coarsest once more at every second cell, for large anchors.
 *
 * <p>In: [N, C, S/4, S/4], [N, 2C, S/8, S/8], … finest first. Out: [N, width, …] of the same sizes,
 * and one of half the last.
 */
public final class FeaturePyramid extends AbstractBlock {
  private static final byte VERSION = 1;
  private static final int NEAREST = 0;

  private final List<Block> lateral = new ArrayList<>();
  private final List<Block> output = new ArrayList<>();

  /**
   * @param levels how many maps go in
   */
  public FeaturePyramid(int levels, int width, LayerFactory layers) {
    super(VERSION);
    for (int level = 0; level < levels; level++) {
      lateral.add(
          addChildBlock("lateral" + level, layers.normed(1, width, LayerFactory.uniform())));
      output.add(addChildBlock("output" + level, layers.normed(3, width, LayerFactory.uniform())));
    }
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList maps,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    NDArray[] out = new NDArray[maps.size()];
    NDArray above = null;
    for (int level = maps.size() - 1; level >= 0; level--) {
      NDList map = new NDList(maps.get(level));
      NDArray merged = lateral.get(level).forward(store, map, training).singletonOrThrow();
      if (above != null) {
        merged = merged.add(enlarged(above, merged.getShape()));
      }
      above = merged;
      NDList inner = new NDList(merged);
      out[level] = output.get(level).forward(store, inner, training).singletonOrThrow();
    }
    NDList pyramid = new NDList(out);
    pyramid.add(everySecond(out[out.length - 1]));
    return pyramid;
  }

  private static NDArray enlarged(NDArray map, Shape to) {
    long[] size = {to.get(2), to.get(3)};
    return JniUtils.interpolate((PtNDArray) map, size, NEAREST, false);
  }

  /** [N, C, H, W] → [N, C, ⌈H/2⌉, ⌈W/2⌉]. */
  static NDArray everySecond(NDArray map) {
    return Pool.maxPool2d(map, new Shape(1, 1), new Shape(2, 2), new Shape(0, 0), false);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputShapes) {
    for (int level = 0; level < lateral.size(); level++) {
      lateral.get(level).initialize(manager, type, inputShapes[level]);
      Shape[] inner = lateral.get(level).getOutputShapes(new Shape[] {inputShapes[level]});
      output.get(level).initialize(manager, type, inner);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    Shape[] shapes = new Shape[inputShapes.length + 1];
    for (int level = 0; level < inputShapes.length; level++) {
      Shape[] inner = lateral.get(level).getOutputShapes(new Shape[] {inputShapes[level]});
      shapes[level] = output.get(level).getOutputShapes(inner)[0];
    }
    shapes[inputShapes.length] = everySecond(shapes[inputShapes.length - 1]);
    return shapes;
  }

  /** The shape of {@link #everySecond(NDArray)}. */
  static Shape everySecond(Shape map) {
    return new Shape(map.get(0), map.get(1), (map.get(2) + 1) / 2, (map.get(3) + 1) / 2);
  }
}
