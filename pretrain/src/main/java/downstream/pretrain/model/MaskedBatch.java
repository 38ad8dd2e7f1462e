package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
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

  /** The images with masked pixels at 0, the mean colour once normalised: [N, 3, S, S]. */
  public NDArray visible() {
    return pixels.mul(mask.neg().add(1));
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
