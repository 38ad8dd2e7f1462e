package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.Gradients;
import downstream.eval.train.optimiser.Weight;

/** SwAV's prototypes: K trained directions [K, d], put back to length 1 before every pass. */
public final class Prototypes {
  private final NDArray rows;

  /**
   * @param manager owns the weights; random numbers are the engine's
   */
  public Prototypes(int count, int width, NDManager manager) {
    rows = manager.randomNormal(new Shape(count, width));
  }

  /** Scales rows to length 1, in place and without a gradient. */
  public void normalise(NDManager scope) {
    Gradients.doWithout(() -> Similarity.normalised(UnitRows.in(scope, rows)).copyTo(rows));
  }

  /**
   * Cosines of unit rows with all prototypes: [N, d] to [N, K].
   *
   * @param held whether prototypes get no gradient
   */
  public NDArray scores(NDArray z, boolean held) {
    NDArray here = UnitRows.in(z.getManager(), rows);
    return z.matMul((held ? UnitRows.held(here) : here).transpose());
  }

  /** The rows as constants of a step. */
  public NDArray constants(NDManager scope) {
    return UnitRows.in(scope, rows).stopGradient();
  }

  public Weight weight() {
    rows.setRequiresGradient(true);
    return new Weight("prototypes", rows, true, 1, true);
  }

  /** Floating-point operations of one row, forward. */
  public long flops() {
    return LayerFlops.product(1, rows.getShape().get(1), rows.getShape().get(0));
  }
}
