package downstream.pretrain.monitor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.pretrain.settings.MonitorSettings;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A monitor of one number that tells of a method's own collapse: the divergence of a posterior, the
 * entropy of a teacher. The number of each step is smoothed by a factor of 0.9; after the warm-up,
 * a smoothed value below its limit stops the training.
 */
public final class LimitMonitor {
  private static final String SMOOTHED = ".smoothed";

  private final String method;
  private final Limit limit;
  private final MonitorSettings settings;
  private final RunningAverage average;
  private Optional<NDArray> number = Optional.empty(); // of the step

  /**
   * The limit of a number, and what it means to fall below it.
   *
   * @param what name of the number in the log
   * @param least smallest smoothed value
   * @param problem what has happened then
   * @param fix what to do about it, and the setting that switches the limit off
   */
  public record Limit(String what, double least, String problem, String fix) {}

  /**
   * A monitor without measurements.
   *
   * @param manager owns what is carried from step to step
   */
  public LimitMonitor(String method, Limit limit, MonitorSettings settings, NDManager manager) {
    this.method = method;
    this.limit = limit;
    this.settings = settings;
    average = new RunningAverage(manager);
  }

  /**
   * Takes the number of a step; call it once in {@code losses}.
   *
   * @param value a scalar of the whole batch, a constant
   */
  public void record(NDArray value) {
    number = Optional.of(value);
  }

  /** The running average, which a checkpoint must keep: add it to the objective's state. */
  public Map<String, NDArray> state() {
    return Map.of("limit." + limit.what(), average.state());
  }

  /**
   * Adds the step to the average, on the device; call it once in {@code measure}.
   *
   * @return the number of this step, and {@code NAME.smoothed}
   */
  public Map<String, NDArray> measure() {
    NDArray recorded = number.orElseThrow().reshape(1);
    return Map.of(limit.what(), recorded, limit.what() + SMOOTHED, average.add(recorded));
  }

  /**
   * Checks what a step measured.
   *
   * @throws Collapse below the limit, once warmed up
   */
  public void check(int step, int steps, Map<String, Double> measured) {
    double smoothed = Objects.requireNonNull(measured.get(limit.what() + SMOOTHED));
    if (settings.isWarmedUp(step, steps) && !(smoothed >= limit.least())) { // nor if it is NaN
      throw Collapse.ofNumber(method, step, limit, smoothed);
    }
  }
}
