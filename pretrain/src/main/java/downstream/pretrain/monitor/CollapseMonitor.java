package downstream.pretrain.monitor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.pretrain.settings.MonitorSettings;
import java.util.Map;

/**
 * The collapse monitor of SimSiam (Chen and He 2021, arXiv 2011.10566, section 4.1) on one set of
 * projections. Their {@link #spread} is about 1 when directions are spread evenly and 0 when all
 * images are projected to one point; collapse is max(0, 1 − spread), smoothed over the steps by a
 * factor of 0.9. After the warm-up, a collapse above the limit stops the training.
 */
public final class CollapseMonitor {
  private static final float SMOOTHING = .9f;

  private final String method;
  private final String what;
  private final MonitorSettings settings;
  private final NDArray average; // Σ 0.9^i · collapse, Σ 0.9^i
  private double spread = Double.NaN;

  /**
   * A monitor without measurements.
   *
   * @param what which projections, for the log and the message: {@code projections}
   * @param manager owns what is carried from step to step
   */
  public CollapseMonitor(String method, String what, MonitorSettings settings, NDManager manager) {
    this.method = method;
    this.what = what;
    this.settings = settings;
    average = manager.create(new float[] {0, 0});
  }

  /**
   * √d × the standard deviation of the normalised rows over the batch, averaged over channels.
   *
   * @param projections [N, d]
   * @return a scalar
   */
  public static NDArray spread(NDArray projections) {
    NDArray length = projections.square().sum(new int[] {1}, true).add(1e-12).sqrt(); // [N, 1]
    NDArray unit = projections.div(length);
    NDArray variance = unit.sub(unit.mean(new int[] {0}, true)).square().mean(new int[] {0}); // [d]
    return Scalars.times(variance.sqrt().mean(), Math.sqrt(projections.getShape().get(1)));
  }

  /**
   * Measures the projections of a step; call it once in {@code losses}.
   *
   * @param projections [N, d]; its gradient is not touched
   */
  public void record(NDArray projections) {
    spread = spread(projections.stopGradient()).getFloat();
  }

  /** The running average, which a checkpoint must keep: add it to the objective's state. */
  public Map<String, NDArray> state() {
    return Map.of("collapse." + what, average);
  }

  /**
   * Adds the step to the average; call it once in {@code observe}.
   *
   * @return {@code spread.WHAT} of this step and {@code collapse.WHAT}, smoothed
   * @throws Collapse above the limit, once warmed up
   */
  public Map<String, Double> observe(Step step) {
    float[] sums = average.toFloatArray();
    sums[0] = SMOOTHING * sums[0] + (float) Math.max(0, 1 - spread);
    sums[1] = SMOOTHING * sums[1] + 1;
    try (NDArray updated = average.getManager().create(sums)) {
      updated.copyTo(average);
    }
    double collapse = (double) sums[0] / sums[1];
    if (settings.isWarmedUp(step) && collapse > settings.maxCollapse()) {
      throw Collapse.ofProjections(
          method, what, step.index(), collapse, spread, settings.maxCollapse());
    }
    return Map.of("spread." + what, spread, "collapse." + what, collapse);
  }
}
