package downstream.eval.train.optimiser;

import java.util.List;

/** An {@link Optimiser} in TorchScript, for the weights of one group. */
interface UpdateRule {
  /** Returns what is kept of every weight, zero at first: the names in a checkpoint. */
  List<String> kept();

  /**
   * Returns the update of a group. In scope are its lists {@code weights}, {@code gradients} and
   * those of {@link #kept}, with its number behind the name; {@code step} (a float32 array, 1 for
   * the first), {@code shrink} (a float32 array, at least 1, that gradients are to be divided by)
   * and {@code rate} (a number).
   */
  List<String> lines(WeightGroup group, Norms norms);
}
