package downstream.eval.train.optimiser;

import downstream.eval.Checks;

/**
 * Limit of the gradients' norm: what is longer is scaled down to it.
 *
 * @param norm largest norm; 0 for no limit
 * @param perArray whether it is the norm of each array (DINO), or of all of them together
 */
public record Clipping(double norm, boolean perArray) {
  /** No limit. */
  public static final Clipping NONE = new Clipping(0, false);

  public Clipping {
    Checks.require(norm >= 0, "clip must not be negative: " + norm);
  }
}
