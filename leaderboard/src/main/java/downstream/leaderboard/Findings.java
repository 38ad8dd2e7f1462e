package downstream.leaderboard;

import downstream.eval.BadInput;
import downstream.eval.run.Result;
import downstream.eval.suite.PlannedComparison;
import downstream.leaderboard.ledger.StoredRunFinder.FoundRun;
import downstream.leaderboard.statistics.BootstrapReplicates;
import downstream.leaderboard.statistics.Holm;
import downstream.leaderboard.statistics.ImageWeights;
import downstream.leaderboard.statistics.Interval;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Answers of comparisons that were chosen before the runs, in their order, with p-values corrected
 * over all of them (Holm 1979).
 */
public final class Findings {
  /**
   * One answer.
   *
   * @param comparison empty if nothing could be compared
   * @param p of the comparison alone
   * @param holm p corrected over all comparisons of the list
   * @param missing why there is no answer
   */
  public record Finding(
      PlannedComparison planned,
      Optional<Comparison> comparison,
      Optional<Double> p,
      Optional<Double> holm,
      Optional<String> missing) {
    /** The difference of the means, a minus b. */
    public double difference() {
      Comparison found = comparison.orElseThrow();
      return planned.images()
          ? found.images().orElseThrow().difference()
          : found.seeds().orElseThrow().difference();
    }

    /** 95%; empty where a side has fewer than two seeds. */
    public Optional<Interval> interval() {
      Comparison found = comparison.orElseThrow();
      return planned.images()
          ? found.images().map(images -> images.interval())
          : found.seeds().flatMap(seeds -> seeds.interval());
    }

    /** Tells whether the interval excludes zero. */
    public boolean differs() {
      return interval().map(interval -> !interval.contains(0)).orElse(false);
    }
  }

  private final List<FoundRun> runs;
  private final BootstrapReplicates overImages;
  private final BootstrapReplicates overSeeds;

  /**
   * @param runs all there are
   * @param cache of the bootstrap
   * @param bootstrap number of resamples for comparisons over images
   */
  public Findings(List<FoundRun> runs, Path cache, int bootstrap) {
    this.runs = runs;
    overImages = new BootstrapReplicates(cache, bootstrap);
    overSeeds = new BootstrapReplicates(cache, 0);
  }

  /** Answers each, in order: one finding for each task, data, protocol and metric. */
  public List<Finding> of(List<PlannedComparison> planned) throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (PlannedComparison one : planned) {
      try {
        findings.addAll(of(one));
      } catch (BadInput e) {
        findings.add(missing(one, String.valueOf(e.getMessage())));
      }
    }
    List<Double> p = findings.stream().flatMap(finding -> finding.p().stream()).toList();
    List<Double> corrected = new ArrayList<>(Holm.adjust(p));
    return findings.stream()
        .map(
            f ->
                new Finding(
                    f.planned(),
                    f.comparison(),
                    f.p(),
                    f.p().map(value -> corrected.remove(0)),
                    f.missing()))
        .toList();
  }

  private List<Finding> of(PlannedComparison planned) throws IOException {
    ComparisonSide a = ComparisonSide.named(planned.a(), runs);
    ComparisonSide b = ComparisonSide.named(planned.b(), runs);
    List<Finding> findings = new ArrayList<>();
    for (MatchedSides match : MatchedSides.of(a, b)) {
      Result sample = match.a().runs().get(0).result();
      if (planned.tasks().isEmpty() || planned.tasks().contains(sample.task().name())) {
        for (String metric : metrics(planned, sample)) {
          findings.add(of(planned, match, metric));
        }
      }
    }
    return findings.isEmpty()
        ? List.of(missing(planned, "both have no run of one task, data set and protocol"))
        : findings;
  }

  private static List<String> metrics(PlannedComparison planned, Result sample) {
    return planned.metrics().isEmpty() ? List.of(sample.task().metric()) : planned.metrics();
  }

  private Finding of(PlannedComparison planned, MatchedSides match, String metric)
      throws IOException {
    BootstrapReplicates replicates = planned.images() ? overImages : overSeeds;
    Comparison comparison =
        Comparison.of(
            match.a(), match.b(), metric, planned.paired(), replicates, Findings::weights);
    Optional<Double> p =
        planned.images()
            ? comparison.images().map(images -> images.p())
            : comparison.seeds().map(seeds -> seeds.permutation().p());
    return p.isEmpty()
        ? missing(planned, "a run has no " + metric + (planned.images() ? " by image" : ""))
        : new Finding(planned, Optional.of(comparison), p, Optional.empty(), Optional.empty());
  }

  private static ImageWeights weights(Result run) {
    var evaluation = run.data().evaluation();
    return ImageWeights.ofImages(evaluation.images(), evaluation.fingerprint());
  }

  private static Finding missing(PlannedComparison planned, String why) {
    return new Finding(
        planned, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(why));
  }
}
