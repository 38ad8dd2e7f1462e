package downstream.leaderboard.gate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.eval.run.Result;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Recorded value of one metric with which runs are compared, and the tolerated deviation.
 *
 * @param id unique in its file
 * @param tier how it is measured now
 * @param encoder its name, for readers
 * @param encoderDigest of the encoder that was measured
 * @param protocol the protocol's fingerprint
 * @param data fingerprint over training and evaluation split
 * @param task its name, for readers
 * @param split of the evaluation, human-readable
 * @param metric its name
 * @param higherIsBetter its direction
 * @param seeds of the runs it was set by; of a replay the one seed
 * @param values the metric by those seeds: one of a replay
 * @param tolerance largest difference allowed; of a training, empty means the prediction interval
 * @param setBy commit of the code that made the runs
 * @param why whatever the person who set it wants known
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Baseline(
    String id,
    Tier tier,
    String encoder,
    String encoderDigest,
    String task,
    String split,
    String protocol,
    String data,
    String metric,
    @JsonProperty(required = true) boolean higherIsBetter,
    List<Long> seeds,
    List<Double> values,
    Optional<Double> tolerance,
    String setOn,
    String setBy,
    Optional<String> why) {
  /** Scores of stored predictions must be the same but for the order of additions. */
  public static final double REPLAY_TOLERANCE = 1e-9;

  /** Way in which a metric is measured. */
  public enum Tier {
    /** Stored predictions are scored again: the evaluator is what is guarded. */
    @JsonProperty("replay")
    REPLAY,
    /** The encoder is trained again, with any seeds: everything is guarded. */
    @JsonProperty("training")
    TRAINING
  }

  public Baseline {
    for (Object value :
        Arrays.asList(id, tier, encoder, encoderDigest, task, split, protocol, data, metric)) {
      Objects.requireNonNull(value);
    }
    seeds = List.copyOf(seeds);
    values = List.copyOf(values);
    if (values.isEmpty() || values.stream().anyMatch(v -> !Double.isFinite(v))) {
      throw new IllegalArgumentException(
          "baseline " + id + ": expected one finite value or more, found " + values);
    }
    if (tier == Tier.REPLAY && (values.size() != 1 || seeds.size() != 1)) {
      throw new IllegalArgumentException("baseline " + id + ": a replay has one seed, one value");
    }
    if (tolerance.isPresent() && !(tolerance.get() >= 0 && Double.isFinite(tolerance.get()))) {
      throw new IllegalArgumentException(
          "baseline " + id + ": expected a finite tolerance, 0 or more, found " + tolerance.get());
    }
    if (tier == Tier.TRAINING && values.size() < 2 && tolerance.isEmpty()) {
      throw new IllegalArgumentException(
          "baseline " + id + ": one seed has no spread: state a tolerance, or record more seeds");
    }
  }

  double mean() {
    return values.stream().mapToDouble(v -> v).sum() / values.size();
  }

  /** Tells whether the run answers the question that this baseline was set by, its seed aside. */
  public boolean appliesTo(Result run) {
    return run.encoder().digest().equals(encoderDigest)
        && run.protocol().fingerprint().equals(protocol)
        && run.data().fingerprint().equals(data);
  }
}
