package downstream.detection.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import downstream.eval.torch.TransposedConvolution2x;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The simple feature pyramid of a plain encoder (ViTDet, Li et al. 2022, section 3): every level is
 * made of the last map alone, finer ones by transposed convolutions, coarser ones by max pooling;
 * then 1×1 and 3×3 convolutions, each with a norm.
 *
 * <p>In: [N, C, H, W]. Out: one map [N, width, ·, ·] a stride.
 */
public final class SimplePyramid extends AbstractBlock {
  private static final byte VERSION = 1;

  private final int stride;
  private final List<Integer> strides;
  private final boolean extra;
  private final List<Block> finer = new ArrayList<>();
  private final List<SequentialBlock> lateral = new ArrayList<>();

  /**
   * @param channels C
   * @param stride of the map that goes in
   * @param strides of the maps that come out, each twice the one before
   * @param extra whether the coarsest map is put out once more at every second cell
   */
  public SimplePyramid(
      int channels,
      int stride,
      List<Integer> strides,
      int width,
      boolean extra,
      LayerFactory layers) {
    super(VERSION);
    this.stride = stride;
    this.strides = List.copyOf(strides);
    this.extra = extra;
    for (int out : strides) {
      if (out < stride) {
        finer.add(addChildBlock("finer" + out, finer(channels, stride / out)));
      }
      SequentialBlock block =
          layers
              .normed(1, width, LayerFactory.he())
              .add(layers.normed(3, width, LayerFactory.he()));
      lateral.add(addChildBlock("lateral" + out, block));
    }
  }

  /** Doubles until the map is {@code times} as large, halving the channels each time. */
  private static Block finer(int channels, int times) {
    SequentialBlock chain = new SequentialBlock();
    int width = channels;
    for (int done = 2; done <= times; done *= 2) {
      width = Math.max(1, width / 2);
      chain.add(new TransposedConvolution2x(width, true, LayerFactory.uniform()));
      if (done < times) {
        chain.add(new LayerNorm2d(width)).add(Activation.geluBlock());
      }
    }
    return chain;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    NDList levels = new NDList();
    NDArray source = inputs.singletonOrThrow();
    for (int level = 0; level < strides.size(); level++) {
      int out = strides.get(level);
      NDList at = new NDList(source);
      if (out < stride) {
        at = finer.get(level).forward(store, inputs, training);
      } else if (out > stride) {
        source = halved(source);
        at = new NDList(source);
      }
      levels.addAll(lateral.get(level).forward(store, at, training));
    }
    if (extra) {
      levels.add(FeaturePyramid.everySecond(levels.get(levels.size() - 1)));
    }
    return levels;
  }

  private static NDArray halved(NDArray map) {
    return Pool.maxPool2d(map, new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputShapes) {
    for (int level = 0; level < lateral.size(); level++) {
      Shape[] in = {inputShapes[0]};
      if (level < finer.size()) {
        finer.get(level).initialize(manager, type, in);
        in = finer.get(level).getOutputShapes(in);
      }
      lateral.get(level).initialize(manager, type, in);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    List<Shape> shapes = new ArrayList<>();
    Shape source = inputShapes[0];
    for (int level = 0; level < strides.size(); level++) {
      Shape[] at = {source};
      if (level < finer.size()) {
        at = finer.get(level).getOutputShapes(inputShapes);
      } else if (strides.get(level) > stride) {
        source = new Shape(source.get(0), source.get(1), source.get(2) / 2, source.get(3) / 2);
        at = new Shape[] {source};
      }
      shapes.add(lateral.get(level).getOutputShapes(at)[0]);
    }
    if (extra) {
      shapes.add(FeaturePyramid.everySecond(shapes.get(shapes.size() - 1)));
    }
    return shapes.toArray(Shape[]::new);
  }
}
