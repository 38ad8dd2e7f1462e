package downstream.pretrain.method.distillation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.parallel.BatchShare;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.ScalarSchedule;
import downstream.eval.train.optimiser.Scalars;
import downstream.pretrain.model.targets.Centre;
import downstream.pretrain.model.targets.Distillation;
import downstream.pretrain.monitor.LimitMonitor;
import downstream.pretrain.monitor.LimitMonitor.Limit;
import downstream.pretrain.settings.MonitorSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The distributions over K scores that a teacher gives, centred and sharpened (Caron et al. 2021,
 * section 3.1). Two numbers tell of its two collapses. {@code variety} is the entropy of the mean
 * distribution as a fraction of ln K: near 0, every image has the same best score, as happens
 * without centring. {@code sharpness} is how far the mean entropy stays below ln K, as a fraction
 * of it: near 0, every distribution is uniform, as happens without sharpening. Both stop the
 * training.
 */
final class TeacherDistribution {
  private static final float TINY = 1e-12f;

  private final boolean centring;
  private final Centre centre;
  private final ScalarSchedule temperature;
  private final LimitMonitor variety;
  private final LimitMonitor sharpness;

  /**
   * Scores of one kind.
   *
   * @param what whose they are, for the log: {@code teacher}
   * @param width K
   * @param temperature what they are divided by
   */
  record Kind(String what, int width, ScalarSchedule temperature) {}

  /**
   * @param method for messages
   * @param manager owns what is carried from step to step
   */
  TeacherDistribution(
      String method,
      Kind kind,
      TeacherSettings settings,
      MonitorSettings monitor,
      NDManager manager) {
    String what = kind.what();
    centring = settings.centring();
    temperature = kind.temperature();
    centre = new Centre("centre." + what, settings.centreMomentum(), kind.width(), manager);
    variety =
        new LimitMonitor(
            method,
            new Limit(
                what + ".variety",
                settings.stopBelowVariety(),
                "the teacher gives everything the same score",
                "Check teacher.centring, or lower the learning rate; setting"
                    + " teacher.stopBelowVariety to 0 switches the limit off"),
            monitor,
            manager);
    sharpness =
        new LimitMonitor(
            method,
            new Limit(
                what + ".sharpness",
                settings.stopBelowSharpness(),
                "the teacher gives everything all scores alike",
                "Lower teacher.temperature; setting teacher.stopBelowSharpness to 0 switches the"
                    + " limit off"),
            monitor,
            manager);
  }

  /**
   * Distributions of a step; call it once in {@code losses}.
   *
   * @param scores [N, V, K] or [N, V, L, K], constants
   */
  NDArray probabilities(NDArray scores, Step step) {
    NDArray centred = centring ? centre.subtractedFrom(scores) : scores;
    double divisor = temperature.at(step.index(), step.steps());
    NDArray probabilities = Distillation.probabilities(centred, divisor);
    NDArray logarithms = Distillation.logProbabilities(centred, divisor);
    centre.record(perImage(scores));
    record(perImage(probabilities), Distillation.crossEntropy(logarithms, probabilities));
    return probabilities;
  }

  /** The mean of each image's rows: [N, K]. */
  private static NDArray perImage(NDArray rows) {
    long images = rows.getShape().get(0);
    long width = rows.getShape().get(rows.getShape().dimension() - 1);
    return rows.reshape(images, -1, width).mean(new int[] {1});
  }

  /**
   * @param means [N, K]
   * @param entropies [N, …]
   */
  private void record(NDArray means, NDArray entropies) {
    double most = Math.log(means.getShape().get(1));
    BatchShare share = BatchShare.current();
    NDArray mean = share.gatherRows(means).mean(new int[] {0});
    NDArray entropyOfMean = Scalars.over(mean.mul(mean.add(TINY).log()).sum(), -most);
    variety.record(entropyOfMean.maximum(0)); // rounding may leave it below 0
    NDArray meanEntropy = Scalars.over(share.gatherRows(entropies).mean(), most);
    sharpness.record(meanEntropy.neg().add(1).maximum(0));
  }

  /** Moves the centre, after the update. */
  void update() {
    centre.update();
  }

  Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>(centre.state());
    state.putAll(variety.state());
    state.putAll(sharpness.state());
    return state;
  }

  Map<String, NDArray> measure() {
    Map<String, NDArray> measured = new LinkedHashMap<>(variety.measure());
    measured.putAll(sharpness.measure());
    return measured;
  }

  void check(int step, int steps, Map<String, Double> measured) {
    variety.check(step, steps, measured);
    sharpness.check(step, steps, measured);
  }
}
