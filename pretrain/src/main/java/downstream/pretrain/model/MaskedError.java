package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.eval.parallel.BatchShare;

/** Errors of a reconstruction, averaged over the masked values alone. */
public enum MaskedError {
  /** Σ (x − x')²·mask / Σ mask, as MAE's within a patch. */
  @JsonProperty("squared")
  SQUARED {
    @Override
    NDArray of(NDArray predicted, NDArray target, NDArray mask) {
      NDArray masked = BatchShare.current().divisor(mask.sum(), 1);
      return predicted.sub(target).square().mul(mask).sum().div(masked);
    }
  },
  /** Σ |x − x'|·mask / Σ mask, as SimMIM's. */
  @JsonProperty("absolute")
  ABSOLUTE {
    @Override
    NDArray of(NDArray predicted, NDArray target, NDArray mask) {
      return LinearDecoder.loss(predicted, target, mask);
    }
  };

  /**
   * The error of patches, a scalar.
   *
   * @param predicted [N, T, P]
   * @param target [N, T, P]
   * @param mask [N, T, P], 1 where a value was masked
   */
  abstract NDArray of(NDArray predicted, NDArray target, NDArray mask);

  /**
   * The error of reconstructed images.
   *
   * @param predicted [N, T, P]
   * @param patch side of a patch, pixels
   * @param normPix whether each patch of the target is standardised by itself
   */
  public NDArray of(NDArray predicted, MaskedBatch images, int patch, boolean normPix) {
    NDArray patches = Patches.patchify(images.pixels(), patch);
    NDArray target = normPix ? Patches.standardised(patches) : patches;
    return of(predicted, target, images.patchMask(patch));
  }
}
