package downstream.pretrain.monitor;

import downstream.eval.train.Step;

/**
 * What is watched, how often, and when training stops.
 *
 * @param times how often over the run rank, neighbours and pictures are made, beside the first
 *     step; 0 for never
 * @param images of the probe whose effective rank is taken
 * @param items of the labelled probe
 * @param neighbours k of the neighbour agreement, at most a quarter of the items
 * @param warmup share of the steps before anything is called a collapse
 * @param maxCollapse largest smoothed collapse of projections, in (0, 1]; 1 never stops
 * @param minRank smallest effective rank of the features, at least 1; 1 never stops
 */
public record MonitorSettings(
    int times,
    int images,
    int items,
    int neighbours,
    double warmup,
    double maxCollapse,
    double minRank) {
  /**
   * Ten looks a run. The limits lie between what sound runs and provoked collapses showed
   * (docs/guide/monitoring.md).
   */
  public static final MonitorSettings DEFAULTS = new MonitorSettings(10, 128, 256, 10, .1, .8, 1.5);

  public MonitorSettings {
    check(times >= 0, "times must not be negative: " + times);
    check(images > 1, "images must be at least 2 for a rank, not " + images);
    check(neighbours > 0, "neighbours must be positive, not " + neighbours);
    check(items > neighbours, "items must be more than the neighbours, not " + items);
    check(warmup >= 0 && warmup <= 1, "warmup is a share of the steps in [0, 1], not " + warmup);
    check(maxCollapse > 0 && maxCollapse <= 1, "maxCollapse must be in (0, 1], not " + maxCollapse);
    check(minRank >= 1, "minRank must be at least 1, not " + minRank);
  }

  private static void check(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  /** Whether the warm-up is over. */
  boolean warm(Step step) {
    return step.index() >= warmup * step.steps();
  }

  /** Whether to look: at the first step, the last, and at equal distances between them. */
  boolean due(Step step) {
    if (times == 0) {
      return false;
    }
    int every = (step.steps() + times - 1) / times;
    return step.index() % every == 0 || step.index() == step.steps() - 1;
  }
}
