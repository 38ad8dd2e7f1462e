package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.optimiser.Weight;

/** One learned token in place of every masked patch (SimMIM, iBOT). N images, T tokens, D wide. */
public final class MaskToken {
  private static final float DEVIATION = .02f;

  private final NDArray token; // [1, 1, D]

  private MaskToken(NDArray token) {
    this.token = token;
    token.setRequiresGradient(true);
  }

  /**
   * A token that is drawn from the engine's generator, normal and cut off, 0.02 (SimMIM).
   *
   * @param manager owns it
   */
  public static MaskToken drawn(int width, NDManager manager) {
    return new MaskToken(manager.truncatedNormal(new Shape(1, 1, width)).muli(DEVIATION));
  }

  /** A token that starts at 0 (iBOT). */
  public static MaskToken zero(int width, NDManager manager) {
    return new MaskToken(manager.zeros(new Shape(1, 1, width)));
  }

  /** The token, which is not decayed. */
  public Weight weight() {
    return new Weight("maskToken", token, false, 1, true);
  }

  /**
   * Replaces masked patches: x · (1 - w) + token · w.
   *
   * @param patches [N, T, D], before positions are added
   * @param mask w [N, T, 1]
   */
  public NDArray replace(NDArray patches, NDArray mask) {
    return patches.mul(mask.neg().add(1)).add(mask.mul(token));
  }
}
