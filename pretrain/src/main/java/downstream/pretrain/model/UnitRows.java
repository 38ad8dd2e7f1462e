package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A linear layer without bias whose weights are rows of length 1: weight normalisation (Salimans
 * and Kingma 2016) with a gain that stays 1 unless it is trained, as DINO's last layer. It gives
 * unit rows of d values their cosines with K directions.
 */
public final class UnitRows {
  private static final float DEVIATION = .02f;

  private final NDArray rows; // [K, d], of any length
  private final Optional<NDArray> gain; // [K, 1]

  /**
   * Draws directions from the engine's generator.
   *
   * @param in d
   * @param out K
   * @param trainsGain whether the length of each row is trained
   * @param manager owns the weights
   */
  public UnitRows(int in, int out, boolean trainsGain, NDManager manager) {
    rows = manager.randomNormal(new Shape(out, in)).muli(DEVIATION);
    gain = trainsGain ? Optional.of(manager.ones(new Shape(out, 1))) : Optional.empty();
  }

  /**
   * Products with all rows: [N, d] to [N, K], or [N, L, d] to [N, L, K].
   *
   * @param held whether the layer gets no gradient from them, as if it were constant
   */
  public NDArray scores(NDArray inputs, boolean held) {
    NDManager scope = inputs.getManager();
    NDArray unit = Similarity.normalised(in(scope, rows));
    NDArray weights = gain.map(length -> unit.mul(in(scope, length))).orElse(unit);
    return inputs.matMul((held ? held(weights) : weights).transpose());
  }

  /** A handle that belongs to a step. */
  static NDArray in(NDManager scope, NDArray weight) {
    NDArray here = weight.reshape(weight.getShape());
    here.attach(scope);
    return here;
  }

  /** The same values with a gradient of 0: an optimiser wants one for each weight. */
  static NDArray held(NDArray weights) {
    return Scalars.times(weights, 0).add(weights.stopGradient());
  }

  public List<Weight> weights(String prefix) {
    List<Weight> weights = new ArrayList<>();
    rows.setRequiresGradient(true);
    weights.add(new Weight(prefix + ".rows", rows, true, 1, true));
    gain.ifPresent(
        lengths -> {
          lengths.setRequiresGradient(true);
          weights.add(new Weight(prefix + ".gain", lengths, false, 1, true));
        });
    return weights;
  }

  /** Floating-point operations of one row, forward. */
  public long flops() {
    return LayerFlops.product(1, rows.getShape().get(1), rows.getShape().get(0));
  }
}
