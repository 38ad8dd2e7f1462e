package downstream.pretrain.model.targets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.parallel.BatchShare;
import downstream.pretrain.settings.SettingsChecks;
import java.util.Map;
import java.util.Optional;

/**
 * The moving mean of a teacher's scores, which is taken off them so that no score is the best of
 * all images (DINO, SlotCon). It starts at 0. N images, K scores.
 */
public final class Centre {
  private final String name;
  private final double momentum;
  private final NDArray mean; // [K]
  private Optional<NDArray> batchMean = Optional.empty(); // of the step, [K]

  /**
   * @param name in a checkpoint
   * @param momentum what the mean keeps of itself, in [0, 1)
   * @param manager owns the mean
   */
  public Centre(String name, double momentum, int width, NDManager manager) {
    SettingsChecks.momentum("centreMomentum", momentum);
    this.name = name;
    this.momentum = momentum;
    mean = manager.zeros(new Shape(width));
  }

  /** Scores less the centre: [..., K]. */
  public NDArray subtractedFrom(NDArray scores) {
    return scores.sub(mean);
  }

  /**
   * Takes the scores of a step; call it once in {@code losses}.
   *
   * @param scores [N, K] of this share of the batch, a mean for each image, constants
   */
  public void record(NDArray scores) {
    batchMean = Optional.of(BatchShare.current().gatherRows(scores).mean(new int[] {0}));
  }

  /** Moves towards the mean of the step, after the update. */
  public void update() {
    mean.muli(momentum).addi(batchMean.orElseThrow().mul(1 - momentum));
  }

  /** The mean, for a checkpoint. */
  public Map<String, NDArray> state() {
    return Map.of(name, mean);
  }
}
