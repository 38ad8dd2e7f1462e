package downstream.leaderboard.gate;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Baselines and verdicts that tests start from. */
final class Given {
  private Given() {}

  /** A training of AP whose four seeds gave 0.40, 0.42, 0.44 and 0.46. */
  static Baseline training() {
    return training(Optional.empty(), 0.40, 0.42, 0.44, 0.46);
  }

  static Baseline training(Optional<Double> tolerance, double... values) {
    return baseline(Baseline.Tier.TRAINING, true, tolerance, values);
  }

  /** A replay of AP with the one value. */
  static Baseline replay(double value) {
    return baseline(Baseline.Tier.REPLAY, true, Optional.empty(), value);
  }

  static Baseline baseline(
      Baseline.Tier tier, boolean higherIsBetter, Optional<Double> tolerance, double... values) {
    List<Long> seeds = LongStream.range(0, values.length).boxed().toList();
    List<Double> boxed = Arrays.stream(values).boxed().toList();
    return baseline(tier, higherIsBetter, tolerance, seeds, boxed);
  }

  /** A replay of AP whose seeds and values need not be one each. */
  static Baseline replay(List<Long> seeds, List<Double> values) {
    return baseline(Baseline.Tier.REPLAY, true, Optional.empty(), seeds, values);
  }

  private static Baseline baseline(
      Baseline.Tier tier,
      boolean higherIsBetter,
      Optional<Double> tolerance,
      List<Long> seeds,
      List<Double> values) {
    return new Baseline(
        "row/AP",
        tier,
        "mae",
        "e".repeat(64),
        "detection",
        "val",
        "p".repeat(64),
        "d".repeat(64),
        "AP",
        higherIsBetter,
        seeds,
        values,
        tolerance,
        "2026-01-01",
        "c0ffee",
        Optional.empty());
  }

  /** The baseline under another id. */
  static Baseline named(String id, Baseline like) {
    return new Baseline(
        id,
        like.tier(),
        like.encoder(),
        like.encoderDigest(),
        like.task(),
        like.split(),
        like.protocol(),
        like.data(),
        like.metric(),
        like.higherIsBetter(),
        like.seeds(),
        like.values(),
        like.tolerance(),
        like.setOn(),
        like.setBy(),
        like.why());
  }

  /** The verdict on a replay of 0.5 that gave {@code measured}. */
  static Verdict verdict(double measured) {
    return Gate.judge(replay(0.5), List.of(measured), Baselines.CONFIDENCE);
  }

  static Verdict notMeasured() {
    return Verdict.notMeasured(replay(0.5), "no run with seed 0");
  }
}
