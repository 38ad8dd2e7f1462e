package downstream.pretrain.method.ioca;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.MaskedBatch;
import java.util.List;
import java.util.function.Function;

/**
 * A batch of {@link IocaExample}s as arrays. N images of side S, T tokens of each.
 *
 * @param images whole images and their masks, as MAE's model takes them
 * @param region regions that are reconstructed
 * @param query regions that predict; the same object where both are drawn at once
 * @param partner the regions that are predicted
 * @param paired [N], 1 where the query has a partner
 */
record IocaBatch(NDList images, Side region, Side query, Side partner, NDArray paired) {
  private static final int ARRAYS_OF_A_SIDE = 3;

  /**
   * Views of regions.
   *
   * @param images pixels [N, 3, S, S] and mask [N, 1, S, S]
   * @param tokenWeights weight of each token in a region's embedding, [N, T, 1]
   */
  record Side(MaskedBatch images, NDArray tokenWeights) {
    private static NDList arrays(List<IocaExample.Side> sides, int size, NDManager manager) {
      List<float[]> weights = sides.stream().map(side -> side.tokenWeights().values()).toList();
      MaskedBatch images =
          MaskedBatch.of(sides.stream().map(IocaExample.Side::image).toList(), size, manager);
      return new NDList(
          images.pixels(),
          images.mask(),
          Batches.array(weights, manager, weights.get(0).length, 1));
    }

    private static Side at(NDList arrays, int from) {
      return new Side(
          new MaskedBatch(arrays.get(from), arrays.get(from + 1)), arrays.get(from + 2));
    }
  }

  /**
   * Makes the arrays.
   *
   * @param images arrays of the whole images
   * @param size S
   * @param oneDraw whether query and region are the same
   */
  static NDList arrays(
      NDList images, List<IocaExample> batch, int size, boolean oneDraw, NDManager manager) {
    NDList arrays = new NDList();
    float[] paired = new float[batch.size()];
    for (int i = 0; i < paired.length; i++) {
      paired[i] = batch.get(i).paired() ? 1 : 0;
    }
    arrays.add(manager.create(paired));
    arrays.addAll(side(batch, IocaExample::region, size, manager));
    arrays.addAll(side(batch, IocaExample::partner, size, manager));
    if (!oneDraw) {
      arrays.addAll(side(batch, IocaExample::query, size, manager));
    }
    arrays.addAll(images);
    return arrays;
  }

  private static NDList side(
      List<IocaExample> batch,
      Function<IocaExample, IocaExample.Side> side,
      int size,
      NDManager manager) {
    return Side.arrays(batch.stream().map(side).toList(), size, manager);
  }

  /** The batch of {@link #arrays}. */
  static IocaBatch of(NDList arrays, boolean oneDraw) {
    int sides = oneDraw ? 2 : 3;
    Side region = Side.at(arrays, 1);
    Side partner = Side.at(arrays, 1 + ARRAYS_OF_A_SIDE);
    Side query = oneDraw ? region : Side.at(arrays, 1 + 2 * ARRAYS_OF_A_SIDE);
    NDList images = new NDList(arrays.subList(1 + sides * ARRAYS_OF_A_SIDE, arrays.size()));
    return new IocaBatch(images, region, query, partner, arrays.get(0));
  }
}
