package downstream.leaderboard.assertions;

import downstream.eval.run.Result;
import downstream.leaderboard.gate.Baseline;
import downstream.leaderboard.gate.Baselines;
import downstream.leaderboard.gate.Gate;
import downstream.leaderboard.gate.Verdict;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Assertions on one metric of runs, one value a run. */
public final class MetricAssert extends AbstractAssert<MetricAssert, List<Double>> {
  private final String name;
  private final List<Result> runs;

  MetricAssert(String name, List<Result> runs, List<Double> values) {
    super(values, MetricAssert.class);
    this.name = name;
    this.runs = List.copyOf(runs);
  }

  /** The mean over the runs is this much or more. */
  public MetricAssert isAtLeast(double least) {
    if (!(mean() >= least)) {
      failWithMessage("Expected %s of at least %s, but it is %s %s", name, least, mean(), actual);
    }
    return this;
  }

  /** The mean over the runs is this much or less. */
  public MetricAssert isAtMost(double most) {
    if (!(mean() <= most)) {
      failWithMessage("Expected %s of at most %s, but it is %s %s", name, most, mean(), actual);
    }
    return this;
  }

  /**
   * Checks as {@link #hasNotDriftedFrom(Baseline, double)} with the confidence that {@code gate
   * record} writes.
   */
  public MetricAssert hasNotDriftedFrom(Baseline baseline) {
    return hasNotDriftedFrom(baseline, Baselines.CONFIDENCE);
  }

  /**
   * The runs answer the baseline's question, and their mean lies within what it allows: neither
   * worse nor better.
   *
   * @param confidence of the prediction interval
   */
  public MetricAssert hasNotDriftedFrom(Baseline baseline, double confidence) {
    if (!name.equals(baseline.metric())) {
      failWithMessage("Expected a baseline of %s, but it is of %s", name, baseline.metric());
    }
    for (Result run : runs) {
      if (!baseline.appliesTo(run)) {
        failWithMessage(
            "Run %s and baseline %s differ in encoder, protocol or data: they cannot be compared",
            run.id(), baseline.id());
      }
    }
    Verdict verdict = Gate.judge(baseline, actual, confidence);
    if (verdict.kind() != Verdict.Kind.PASSED) {
      failWithMessage("%s", verdict.sentence());
    }
    return this;
  }

  private double mean() {
    return actual.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
  }
}
