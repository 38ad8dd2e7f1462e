package downstream.pretrain.method.ioca;

import downstream.pretrain.masks.RandomMask;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.MaskedImage.Planes;

/**
 * The views that one image gives IOCA's second stage, in host memory.
 *
 * @param image a view of the whole image, [3, S, S]
 * @param imageMask the tokens of it that are removed
 * @param region one of all its kept regions, masked
 * @param query a region of it that has a partner, masked
 * @param partner the region that the query is paired with
 */
record IocaExample(
    Planes image, RandomMask imageMask, MaskedImage region, PairSide query, PairSide partner) {

  /**
   * One side of a pair.
   *
   * @param image the region as the encoder sees it
   * @param tokenWeights weight of each token in the region's embedding, [T], summing to 1
   */
  record PairSide(MaskedImage image, Planes tokenWeights) {}
}
