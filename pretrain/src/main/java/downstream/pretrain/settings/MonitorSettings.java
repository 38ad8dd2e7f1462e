package downstream.pretrain.settings;

import downstream.eval.train.Step;

/**
 * Settings of the monitor of a training: what it measures, how often, and when training stops.
 *
 * @param evaluationPoints number of times that rank, k-NN agreement and drawings are made, beside
 *     the first step; 0 for never
 * @param probeImages images of the probe whose effective rank is measured
 * @param knnObjects number of labelled objects (crops of ground-truth boxes) whose k-NN agreement
 *     is measured
 * @param neighbours k of the k-NN agreement, at most a quarter of the objects
 * @param warmup fraction of the steps before anything counts as a collapse
 * @param stopAboveCollapse largest smoothed collapse of projections, in (0, 1]; 1 never stops
 * @param stopBelowRank smallest effective rank of the features, at least 1; 1 never stops
 */
public record MonitorSettings(
    int evaluationPoints,
    int probeImages,
    int knnObjects,
    int neighbours,
    double warmup,
    double stopAboveCollapse,
    double stopBelowRank) {
  /**
   * Ten evaluation points. The limits lie between what sound runs and provoked collapses showed
   * (docs/guide/monitoring.md).
   */
  public static final MonitorSettings DEFAULTS = new MonitorSettings(10, 128, 256, 10, .1, .8, 1.5);

  public MonitorSettings {
    SettingsChecks.that(
        evaluationPoints >= 0,
        "monitor.evaluationPoints must not be negative: " + evaluationPoints);
    SettingsChecks.that(
        probeImages > 1, "monitor.probeImages must be at least 2, not " + probeImages);
    SettingsChecks.that(neighbours > 0, "monitor.neighbours must be positive, not " + neighbours);
    SettingsChecks.that(
        knnObjects > neighbours,
        "monitor.knnObjects must be more than monitor.neighbours, not " + knnObjects);
    SettingsChecks.that(
        warmup >= 0 && warmup <= 1, "monitor.warmup must be in [0, 1], not " + warmup);
    SettingsChecks.that(
        stopAboveCollapse > 0 && stopAboveCollapse <= 1,
        "monitor.stopAboveCollapse must be in (0, 1], not " + stopAboveCollapse);
    SettingsChecks.that(
        stopBelowRank >= 1, "monitor.stopBelowRank must be at least 1, not " + stopBelowRank);
  }

  /** Tells whether the warm-up is over. */
  public boolean isWarmedUp(int step, int steps) {
    return step >= warmup * steps;
  }

  /**
   * Tells whether a step is an evaluation point: the first step, the last, and those at equal
   * distances between them.
   */
  public boolean isEvaluationPoint(Step step) {
    if (evaluationPoints == 0) {
      return false;
    }
    int every = (step.steps() + evaluationPoints - 1) / evaluationPoints;
    return step.index() % every == 0 || step.index() == step.steps() - 1;
  }
}
