package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.pretrain.masks.HiddenPixels;
import java.util.List;

/**
 * A batch of images some of whose pixels are masked.
 *
 * @param pixels whole images, [N, 3, S, S]
 * @param mask [N, 1, S, S], 1 where a pixel is masked, else 0
 */
public record MaskedBatch(NDArray pixels, NDArray mask) {
  public static MaskedBatch of(List<MaskedImage> images, int size, NDManager manager) {
    return new MaskedBatch(
        Batches.images(images.stream().map(i -> i.pixels().values()).toList(), size, manager),
        Batches.array(
            images.stream().map(i -> i.mask().values()).toList(), manager, 1, size, size));
  }

  /**
   * Returns the images as the encoder sees them, with other values in place of masked pixels: [N,
   * 3, S, S].
   *
   * @param patch side of a patch, pixels, which has its own mean of kept pixels
   */
  public NDArray visible(HiddenPixels.Fill fill, int patch) {
    return switch (fill) {
      case ZERO -> pixels.mul(mask.neg().add(1));
      case KEPT_MEAN -> Patches.unpatchify(filledWithKeptMean(patch), patch);
    };
  }

  private NDArray filledWithKeptMean(int patch) {
    NDArray patches = perPixel(Patches.patchify(pixels, patch), 3); // [N, T, p·q, 3]
    NDArray hidden = perPixel(Patches.patchify(mask, patch), 1); // [N, T, p·q, 1]
    NDArray kept = hidden.neg().add(1);
    NDArray sum = patches.mul(kept).sum(new int[] {2}, true); // [N, T, 1, 3]
    NDArray mean = sum.div(kept.sum(new int[] {2}, true).maximum(1));
    NDArray filled = patches.mul(kept).add(mean.mul(hidden));
    Shape shape = filled.getShape();
    return filled.reshape(shape.get(0), shape.get(1), 3 * shape.get(2)); // [N, T, P]
  }

  private static NDArray perPixel(NDArray patches, long channels) {
    Shape shape = patches.getShape();
    return patches.reshape(shape.get(0), shape.get(1), shape.get(2) / channels, channels);
  }

  /** 1 where a value is masked, patches in (p, q, c) order: [N, T, P]. */
  public NDArray patchMask(int patch) {
    NDArray patches = Patches.patchify(mask, patch); // [N, T, p·q]
    Shape shape = patches.getShape();
    return patches
        .expandDims(3)
        .broadcast(new Shape(shape.get(0), shape.get(1), shape.get(2), 3))
        .reshape(shape.get(0), shape.get(1), 3 * shape.get(2));
  }
}
