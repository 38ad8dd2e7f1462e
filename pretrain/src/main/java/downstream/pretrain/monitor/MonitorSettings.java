package downstream.pretrain.monitor;

import downstream.eval.train.Step;

/**
 * What is watched, how often, and when training stops.
 *
 * @param evaluationPoints how often over the run rank, neighbours and pictures are made, beside the
 *     first step; 0 for never
 * @param probeImages of the probe whose effective rank is taken
 * @param probeObjects of the labelled probe
 * @param neighbours k of the neighbour agreement, at most a quarter of the items
 * @param warmupFraction share of the steps before anything is called a collapse
 * @param maxCollapse largest smoothed collapse of projections, in (0, 1]; 1 never stops
 * @param minRank smallest effective rank of the features, at least 1; 1 never stops
 */
public record MonitorSettings(
    int evaluationPoints,
    int probeImages,
    int probeObjects,
    int neighbours,
    double warmupFraction,
    double maxCollapse,
    double minRank) {
  /**
   * Ten looks a run. The limits lie between what sound runs and provoked collapses showed
   * (docs/guide/monitoring.md).
   */
  public static final MonitorSettings DEFAULTS = new MonitorSettings(10, 128, 256, 10, .1, .8, 1.5);

  public MonitorSettings {
    check(
        evaluationPoints >= 0,
        "monitor.evaluationPoints must not be negative: " + evaluationPoints);
    check(probeImages > 1, "monitor.probeImages must be at least 2, not " + probeImages);
    check(neighbours > 0, "monitor.neighbours must be positive, not " + neighbours);
    check(
        probeObjects > neighbours,
        "monitor.probeObjects must be more than monitor.neighbours, not " + probeObjects);
    check(
        warmupFraction >= 0 && warmupFraction <= 1,
        "monitor.warmupFraction must be in [0, 1], not " + warmupFraction);
    check(
        maxCollapse > 0 && maxCollapse <= 1,
        "monitor.maxCollapse must be in (0, 1], not " + maxCollapse);
    check(minRank >= 1, "monitor.minRank must be at least 1, not " + minRank);
  }

  private static void check(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  /** Whether the warm-up is over. */
  boolean warm(Step step) {
    return step.index() >= warmupFraction * step.steps();
  }

  /** Whether to look: at the first step, the last, and at equal distances between them. */
  boolean due(Step step) {
    if (evaluationPoints == 0) {
      return false;
    }
    int every = (step.steps() + evaluationPoints - 1) / evaluationPoints;
    return step.index() % every == 0 || step.index() == step.steps() - 1;
  }
}
