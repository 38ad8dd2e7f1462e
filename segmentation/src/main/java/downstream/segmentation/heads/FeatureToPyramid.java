package downstream.segmentation.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import downstream.eval.parallel.BatchNorm;
import downstream.eval.torch.TransposedConvolution2x;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a pyramid of strides 4, 8, 16, 32 of maps of one stride, as BEiT and MAE (He et al., 2022,
 * appendix A.4) do for UPerNet: a map that must grow goes through 2×2 transposed convolutions of
 * stride 2, with batch norm and GELU between two of them; one that must shrink through max pooling.
 * At patches of 16: ×4, ×2, as it is, and ½.
 */
final class FeatureToPyramid extends SegmentationHead {
  private static final int FINEST = 4;

  private final List<Integer> doublings = new ArrayList<>();
  private final List<SequentialBlock> growing = new ArrayList<>();

  /**
   * @param channels C of every map
   * @param stride of every map
   * @param count how many maps
   */
  FeatureToPyramid(int channels, int stride, int count) {
    for (int i = 0; i < count; i++) {
      double target = FINEST << i;
      int doubled = (int) Math.round(Math.log(stride / target) / Math.log(2));
      doublings.add(doubled);
      growing.add(addChildBlock("level" + i, growing(channels, doubled)));
    }
  }

  private static SequentialBlock growing(int channels, int doublings) {
    SequentialBlock chain = new SequentialBlock();
    for (int i = 0; i < doublings; i++) {
      if (i > 0) {
        chain.add(new BatchNorm()).add(Activation.geluBlock());
      }
      chain.add(new TransposedConvolution2x(channels, false, HeadLayers.he()));
    }
    return chain;
  }

  /** Maps [N, C, h, w] → maps [N, C, h · 2ᵏ, w · 2ᵏ]. */
  @Override
  NDList outputs(ParameterStore store, NDList maps, boolean training) {
    NDList pyramid = new NDList();
    for (int i = 0; i < maps.size(); i++) {
      int doubled = doublings.get(i);
      if (doubled > 0) {
        NDList map = new NDList(maps.get(i));
        pyramid.add(growing.get(i).forward(store, map, training).singletonOrThrow());
      } else {
        pyramid.add(shrunk(maps.get(i), 1 << -doubled));
      }
    }
    return pyramid;
  }

  private static NDArray shrunk(NDArray map, int factor) {
    // A map that is smaller than the factor stays one cell.
    int window = (int) Math.min(factor, map.getShape().get(2));
    Shape shape = new Shape(window, window);
    return window == 1 ? map : Pool.maxPool2d(map, shape, shape, new Shape(0, 0), false);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... maps) {
    for (int i = 0; i < maps.length; i++) {
      if (doublings.get(i) > 0) {
        growing.get(i).initialize(manager, type, maps[i]);
      }
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] maps) {
    Shape[] pyramid = new Shape[maps.length];
    for (int i = 0; i < maps.length; i++) {
      int doubled = doublings.get(i);
      long side = maps[i].get(2);
      long scaled = doubled > 0 ? side << doubled : Math.max(1, side >> -doubled);
      pyramid[i] = new Shape(maps[i].get(0), maps[i].get(1), scaled, scaled);
    }
    return pyramid;
  }
}
