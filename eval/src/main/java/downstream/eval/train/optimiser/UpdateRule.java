package downstream.eval.train.optimiser;

import java.util.List;

/** An {@link Optimiser} in TorchScript, for the weights of one group. */
interface UpdateRule {
  /** Returns the rule of an optimiser. */
  static UpdateRule of(Optimiser optimiser) {
    if (optimiser instanceof Optimiser.AdamW adam) {
      return new AdamWRule(adam);
    }
    if (optimiser instanceof Optimiser.Sgd sgd) {
      return new SgdRule(sgd);
    }
    if (optimiser instanceof Optimiser.Lars lars) {
      return new LarsRule(lars);
    }
    throw new IllegalArgumentException("no update for " + optimiser);
  }

  /** Returns what is kept of every weight, zero at first: the names in a checkpoint. */
  List<String> kept();

  /**
   * Returns the update of a group. In scope are its lists {@code weights}, {@code gradients} and
   * those of {@link #kept}, with its number behind the name; {@code step} (a float32 array, 1 for
   * the first), {@code shrink} (a float32 array, at least 1, that gradients are to be divided by)
   * and the numbers {@code rate} and {@code decay}.
   */
  List<String> lines(WeightGroup group, Norms norms);
}
