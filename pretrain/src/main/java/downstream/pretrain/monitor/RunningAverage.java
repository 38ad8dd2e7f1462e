package downstream.pretrain.monitor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** A number of each step, smoothed over the steps by a factor of 0.9, on the device. */
final class RunningAverage {
  private static final float SMOOTHING = .9f;

  private final NDArray sums; // Σ 0.9^i · number, Σ 0.9^i

  /**
   * An average of nothing yet.
   *
   * @param manager owns what is carried from step to step
   */
  RunningAverage(NDManager manager) {
    sums = manager.create(new float[] {0, 0});
  }

  /**
   * Takes the number of a step.
   *
   * @param number [1]
   * @return the average, [1]
   */
  NDArray add(NDArray number) {
    NDArray now = sums.muli(SMOOTHING).addi(number.concat(number.onesLike())).duplicate();
    now.attach(number.getManager());
    return now.get("0:1").div(now.get("1:2"));
  }

  /** Returns what a checkpoint must keep. */
  NDArray state() {
    return sums;
  }
}
