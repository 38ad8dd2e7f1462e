package downstream.leaderboard;

import downstream.eval.run.DataLeak;
import downstream.eval.run.Result;
import downstream.eval.run.execute.Controls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One encoder in one section: its runs with every seed.
 *
 * @param runs not empty, in order of seed
 * @param stale why one of them is of another version than would be measured now; then the row has
 *     no rank
 * @param method how it was pretrained, if the file says so
 * @param leak what was found of pretraining images among the images it is scored on, if anybody
 *     looked
 * @param estimates of each metric that a run has
 */
record LeaderboardRow(
    List<Result> runs,
    Optional<String> stale,
    Optional<String> method,
    Optional<DataLeak> leak,
    Map<String, SeedMean> estimates) {
  LeaderboardRow {
    runs = List.copyOf(runs);
  }

  static LeaderboardRow of(List<Result> runs, Optional<String> stale) {
    String method = runs.get(0).encoder().pretrain().path("method").asText();
    return new LeaderboardRow(
        runs,
        stale,
        Optional.of(method).filter(known -> !known.isEmpty()),
        runs.stream()
            .flatMap(run -> run.data().leak().stream())
            .max(Comparator.comparing(LeaderboardRow::weight)),
        estimates(runs));
  }

  /** Means of all metrics, computed at once: one by one they would be looked up in every run. */
  private static Map<String, SeedMean> estimates(List<Result> runs) {
    Map<String, List<Double>> values = new HashMap<>();
    for (Result run : runs) {
      for (Map.Entry<String, Optional<Double>> metric : run.metrics().entrySet()) {
        if (metric.getValue().isPresent()) {
          values
              .computeIfAbsent(metric.getKey(), name -> new ArrayList<>())
              .add(metric.getValue().get());
        }
      }
    }
    Map<String, SeedMean> estimates = new HashMap<>();
    values.forEach((metric, of) -> estimates.put(metric, SeedMean.of(of)));
    return estimates;
  }

  private static long weight(DataLeak leak) {
    return leak.status() == DataLeak.Status.UNKNOWN ? -1 : leak.identical();
  }

  boolean isLeaked() {
    return leak().filter(leak -> leak.status() == DataLeak.Status.LEAKED).isPresent();
  }

  /** Tells whether the row can have a rank: it is neither stale nor leaked. */
  boolean isRanked() {
    return stale.isEmpty() && !isLeaked();
  }

  private Result first() {
    return runs.get(0);
  }

  String encoder() {
    return first().encoder().name();
  }

  String digest12() {
    return first().encoder().digest().substring(0, 12);
  }

  /** A control: an encoder that has learnt nothing. */
  boolean isControl() {
    return Controls.isRandomInit(method().orElse(encoder()));
  }

  /** Digest of the encoder without what it learnt; runs of before there were controls lack it. */
  Optional<String> architecture() {
    return first().control().map(Result.Control::architecture);
  }

  /** Returns the operations that its pretraining cost, all stages, if the file says so. */
  Optional<Double> pretrainingFlops() {
    return Optional.of(first().encoder().pretrain().path("training_flops").asDouble(0))
        .filter(flops -> flops > 0);
  }

  /** FLOPs of one forward pass of one image at the encoder's own size, if the run says so. */
  Optional<Long> flops() {
    return first().encoder().flops();
  }

  long parameters() {
    return first().encoder().parameters();
  }

  /** Mean seconds of training per run that trained in one go. */
  Optional<Double> trainSeconds() {
    OptionalDouble mean =
        runs.stream()
            .filter(run -> !run.time().resumed() && run.time().phases().containsKey("train"))
            .mapToDouble(run -> run.time().phases().getOrDefault("train", 0.0))
            .average();
    return mean.isPresent() ? Optional.of(mean.getAsDouble()) : Optional.empty();
  }

  /** The metric by seed, where it could be computed. */
  List<Double> values(String metric) {
    return runs.stream()
        .flatMap(run -> run.metrics().getOrDefault(metric, Optional.empty()).stream())
        .toList();
  }

  SeedMean estimate(String metric) {
    return estimates.getOrDefault(metric, SeedMean.NONE);
  }

  /** Day of the latest run, ISO-8601. */
  String date() {
    return runs.stream().map(run -> run.time().start()).max(String::compareTo).orElse("");
  }

  /** The commits its runs were made by, separated by blanks. */
  String commits() {
    return runs.stream()
        .map(run -> run.env().path("commit").asText("unknown"))
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .collect(Collectors.joining(" "));
  }

  String ids() {
    return runs.stream().map(Result::id).collect(Collectors.joining(" "));
  }
}
