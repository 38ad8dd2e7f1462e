package downstream.pretrain.method.ioca;

import downstream.pretrain.method.Mae;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.MaskedImage.Planes;

/**
 * The views that one image gives IOCA's second stage, in host memory.
 *
 * @param image a view of the whole image, and the tokens of it that are removed
 * @param region one of all its kept regions, masked: it is reconstructed
 * @param query a region of it, masked, that predicts its partner; the same as {@code region} where
 *     both are drawn at once
 * @param partner the region that the query is paired with; the query's own view if it has none
 * @param paired whether the query has a partner
 */
record IocaExample(Mae.Example image, Side region, Side query, Side partner, boolean paired) {

  /**
   * View of a region.
   *
   * @param image the region as the encoder sees it
   * @param tokenWeights weight of each token in the region's embedding, [T], summing to 1
   */
  record Side(MaskedImage image, Planes tokenWeights) {}
}
