package downstream.leaderboard.gate;

import downstream.eval.BadInput;
import downstream.eval.run.Result;
import downstream.eval.run.execute.Rescoring;
import downstream.leaderboard.ledger.DataFinder;
import downstream.leaderboard.ledger.StoredRunFinder;
import downstream.leaderboard.statistics.StudentT;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Compares runs with baselines. A replay scores stored predictions again and allows a difference of
 * 1e-9. A training is held against the prediction interval of the baseline's n seeds for the mean
 * of m new ones, t·s·√(1/n + 1/m), with t of Student's distribution with n − 1 degrees of freedom;
 * or against a tolerance that the baseline states.
 */
public final class Gate {
  private final StoredRunFinder runs;
  private final DataFinder data;
  private final double confidence;

  /**
   * @param data that stored predictions are scored against
   * @param confidence of the prediction intervals
   */
  public Gate(StoredRunFinder runs, DataFinder data, double confidence) {
    this.runs = runs;
    this.data = data;
    this.confidence = confidence;
  }

  /** One verdict a baseline, in their order. */
  public List<Verdict> judge(List<Baseline> baselines) {
    return baselines.stream().map(this::judge).toList();
  }

  /** The verdict on one. */
  public Verdict judge(Baseline baseline) {
    List<StoredRunFinder.FoundRun> asked =
        runs.runs().stream().filter(run -> baseline.appliesTo(run.result())).toList();
    if (asked.isEmpty()) {
      return Verdict.notMeasured(baseline, missingReason(baseline));
    }
    return baseline.tier() == Baseline.Tier.REPLAY
        ? replay(baseline, asked)
        : training(baseline, asked);
  }

  private Verdict replay(Baseline baseline, List<StoredRunFinder.FoundRun> asked) {
    Optional<StoredRunFinder.FoundRun> same =
        asked.stream()
            .filter(run -> baseline.seeds().contains(run.result().seeds().declared()))
            .findFirst();
    if (same.isEmpty()) {
      return Verdict.notMeasured(baseline, "no run with seed " + baseline.seeds().get(0));
    }
    try {
      Rescoring again = Rescoring.of(same.get().file(), data.of(same.get().result()));
      return again.lines().stream()
          .filter(line -> line.metric().equals(baseline.metric()))
          .flatMap(line -> line.rescored().stream())
          .filter(Double::isFinite)
          .findFirst()
          .map(value -> judge(baseline, List.of(value), confidence))
          .orElse(Verdict.notMeasured(baseline, "the evaluator gives no " + baseline.metric()));
    } catch (BadInput | IOException e) {
      return Verdict.notMeasured(baseline, String.valueOf(e.getMessage()));
    }
  }

  private Verdict training(Baseline baseline, List<StoredRunFinder.FoundRun> asked) {
    List<Double> values =
        asked.stream().flatMap(run -> GuardedMetrics.of(run, baseline.metric()).stream()).toList();
    if (values.size() < asked.size()) {
      int missing = asked.size() - values.size();
      return Verdict.notMeasured(
          baseline, missing + " of " + asked.size() + " runs have no " + baseline.metric());
    }
    return judge(baseline, values, confidence);
  }

  /** The verdict on these values of a baseline's metric, one a run. */
  public static Verdict judge(Baseline baseline, List<Double> values, double confidence) {
    double measured = values.stream().mapToDouble(v -> v).sum() / values.size();
    double allowed = allowed(baseline, values.size(), confidence);
    double gain = (measured - baseline.mean()) * (baseline.higherIsBetter() ? 1 : -1);
    return new Verdict(
        baseline,
        kind(gain, allowed),
        baseline.mean(),
        Optional.of(measured),
        Optional.of(allowed),
        values.size(),
        "");
  }

  private static Verdict.Kind kind(double gain, double allowed) {
    if (gain < -allowed) {
      return Verdict.Kind.WORSE;
    }
    return gain > allowed ? Verdict.Kind.BETTER : Verdict.Kind.PASSED;
  }

  private static double allowed(Baseline baseline, int runs, double confidence) {
    if (baseline.tolerance().isPresent()) {
      return baseline.tolerance().get();
    }
    if (baseline.tier() == Baseline.Tier.REPLAY) {
      return Baseline.REPLAY_TOLERANCE;
    }
    int n = baseline.values().size();
    double mean = baseline.mean();
    double squares = baseline.values().stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    double deviation = Math.sqrt(squares / (n - 1));
    double t = StudentT.within(n - 1, confidence);
    // Equal values have no spread: leave room for the order of additions.
    return Math.max(t * deviation * Math.sqrt(1.0 / n + 1.0 / runs), Baseline.REPLAY_TOLERANCE);
  }

  private String missingReason(Baseline baseline) {
    TreeSet<String> near = new TreeSet<>();
    for (StoredRunFinder.FoundRun found : runs.runs()) {
      Result run = found.result();
      if (run.encoder().digest().equals(baseline.encoderDigest())
          || run.encoder().name().equals(baseline.encoder())) {
        near.add(difference(baseline, run));
      }
    }
    String what =
        "no run of encoder %s under protocol %s on data %s"
            .formatted(
                start(baseline.encoderDigest()),
                start(baseline.protocol()),
                start(baseline.data()));
    return near.isEmpty() ? what : what + "; found " + String.join(", ", near);
  }

  /** Every respect in which the run is not what the baseline asks for. */
  private static String difference(Baseline baseline, Result run) {
    List<String> parts = new ArrayList<>();
    if (!run.encoder().digest().equals(baseline.encoderDigest())) {
      parts.add("another encoder of this name: " + start(run.encoder().digest()));
    }
    if (!run.task().name().equals(baseline.task())) {
      // Its protocol and its data are those of the other task.
      parts.add("another task: " + run.task().name());
      return String.join(" and ", parts);
    }
    if (!run.protocol().fingerprint().equals(baseline.protocol())) {
      parts.add("another protocol or task version: " + start(run.protocol().fingerprint()));
    }
    if (!run.task().split().equals(baseline.split())) {
      parts.add("another split: " + run.task().split());
    } else if (!run.data().fingerprint().equals(baseline.data())) {
      parts.add("other data: " + start(run.data().fingerprint()));
    }
    return String.join(" and ", parts);
  }

  /** First digits of a digest, as many as a reader compares. */
  private static String start(String digest) {
    return digest.substring(0, Math.min(12, digest.length()));
  }
}
