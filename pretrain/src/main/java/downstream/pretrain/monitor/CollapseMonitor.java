package downstream.pretrain.monitor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.parallel.BatchShare;
import downstream.eval.train.optimiser.Scalars;
import downstream.pretrain.settings.MonitorSettings;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The collapse monitor of SimSiam (Chen and He 2021, arXiv 2011.10566, section 4.1) on one set of
 * projections. Their {@link #spread} is about 1 when directions are spread evenly and 0 when all
 * images are projected to one point; collapse is max(0, 1 − spread), smoothed over the steps by a
 * factor of 0.9. After the warm-up, a collapse above the limit stops the training.
 */
public final class CollapseMonitor {
  private static final String SPREAD = "spread.";
  private static final String COLLAPSE = "collapse.";

  private final String method;
  private final String what;
  private final MonitorSettings settings;
  private final RunningAverage average;
  private Optional<NDArray> spread = Optional.empty(); // of the step

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
    average = new RunningAverage(manager);
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
    spread = Optional.of(spread(BatchShare.current().gatherRows(projections.stopGradient())));
  }

  /** The running average, which a checkpoint must keep: add it to the objective's state. */
  public Map<String, NDArray> state() {
    return Map.of("collapse." + what, average.state());
  }

  /**
   * Adds the step to the average, on the device; call it once in {@code measure}.
   *
   * @return {@code spread.WHAT} of this step and {@code collapse.WHAT}, smoothed
   */
  public Map<String, NDArray> measure() {
    NDArray recorded = spread.orElseThrow().reshape(1);
    NDArray collapse = recorded.neg().add(1).maximum(0);
    return Map.of(SPREAD + what, recorded, COLLAPSE + what, average.add(collapse));
  }

  /**
   * Checks what a step measured.
   *
   * @throws Collapse above the limit, once warmed up
   */
  public void check(int step, int steps, Map<String, Double> measured) {
    double collapse = Objects.requireNonNull(measured.get(COLLAPSE + what));
    if (settings.isWarmedUp(step, steps) && collapse > settings.stopAboveCollapse()) {
      double spread = Objects.requireNonNull(measured.get(SPREAD + what));
      throw Collapse.ofProjections(
          method, what, step, collapse, spread, settings.stopAboveCollapse());
    }
  }
}
