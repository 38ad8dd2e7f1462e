package downstream.leaderboard;

import downstream.eval.BadInput;
import downstream.eval.run.Result;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One side of a comparison: the runs of an encoder, or of several pretrainings that differ in their
 * seed.
 *
 * @param name as it was given
 * @param pooled whether its encoders are many: then the pretraining is what is replicated
 * @param runs not empty
 */
public record ComparisonSide(String name, boolean pooled, List<StoredRunFinder.FoundRun> runs) {
  private static final String METHOD = "method:";
  private static final String ANY = "*";
  private static final int MIN_DIGITS = 6;

  /**
   * Finds it.
   *
   * @param name an encoder's name, {@code MIN_DIGITS} or more digits of its digest, both as {@code
   *     NAME@DIGITS}; or, of several, {@code method:NAME}, or a name in which {@code *} stands for
   *     any characters
   * @throws BadInput if there is none, or the name is that of several encoders
   */
  public static ComparisonSide named(String name, List<StoredRunFinder.FoundRun> all) {
    boolean pooled = name.startsWith(METHOD) || name.contains(ANY);
    List<StoredRunFinder.FoundRun> runs =
        all.stream().filter(run -> matches(name, run.result())).toList();
    TreeSet<String> encoders = new TreeSet<>();
    for (StoredRunFinder.FoundRun run : runs) {
      Result.EncoderPart encoder = run.result().encoder();
      encoders.add(encoder.name() + "@" + encoder.digest().substring(0, 8));
    }
    if (runs.isEmpty()) {
      List<String> names = all.stream().map(r -> r.result().encoder().name()).distinct().toList();
      throw new BadInput(name, "no stored run has this encoder", "Choose one of " + names);
    }
    if (encoders.size() > 1 && !pooled) {
      throw new BadInput(name, "is the name of several encoders", "Choose one of " + encoders);
    }
    return new ComparisonSide(name, pooled, runs);
  }

  private static boolean matches(String name, Result run) {
    if (name.startsWith(METHOD)) {
      String method = run.encoder().pretrain().path("method").asText();
      return method.equals(name.substring(METHOD.length()));
    }
    if (name.contains(ANY)) {
      return run.encoder().name().matches(pattern(name));
    }
    String digits = name.substring(name.lastIndexOf('@') + 1);
    String known = run.encoder().name();
    return known.equals(name)
        || ((digits.equals(name) || name.equals(known + "@" + digits))
            && digits.length() >= MIN_DIGITS
            && run.encoder().digest().startsWith(digits));
  }

  private static String pattern(String name) {
    return Arrays.stream(name.split(Pattern.quote(ANY), -1))
        .map(Pattern::quote)
        .collect(Collectors.joining(".*"));
  }

  /** Returns the unit of replication in words. */
  public String unit() {
    return pooled ? "pretraining seed" : "fine-tuning seed";
  }

  /** Returns the part of this side whose runs answer this question. */
  public ComparisonSide under(String evaluationKey) {
    return new ComparisonSide(
        name,
        pooled,
        runs.stream().filter(r -> evaluationKey(r.result()).equals(evaluationKey)).toList());
  }

  /** Returns the key within which runs are compared: task, data, split and protocol. */
  public static String evaluationKey(Result run) {
    return String.join(
        "\n",
        run.task().name() + " " + run.task().version(),
        run.data().name() + "/" + run.task().split() + " " + run.data().fingerprint(),
        run.protocol().name() + " " + run.protocol().fingerprint());
  }

  /** One value per replicated unit; empty where a run lacks the metric. */
  public Optional<List<Double>> values(String metric) {
    return means(metric, run -> pooled ? run.encoder().digest() : "" + run.seeds().declared())
        .map(units -> List.copyOf(units.values()));
  }

  /**
   * One value per seed of the replicated unit; empty where a run lacks the metric.
   *
   * @throws BadInput if several pretrainings have one seed
   */
  public Optional<SortedMap<Long, Double>> bySeed(String metric) {
    Map<Long, List<String>> encoders =
        runs.stream()
            .map(StoredRunFinder.FoundRun::result)
            .collect(
                Collectors.groupingBy(
                    this::seed,
                    Collectors.mapping(run -> run.encoder().digest(), Collectors.toList())));
    encoders.forEach(
        (seed, digests) -> {
          if (Set.copyOf(digests).size() > 1) {
            throw new BadInput(
                name,
                "several encoders were pretrained with seed " + seed,
                "Name one encoder of each seed, as in 'mae-*', or leave out --paired");
          }
        });
    return means(metric, this::seed);
  }

  private long seed(Result run) {
    return pooled ? run.encoder().pretrain().path("seed").asLong() : run.seeds().declared();
  }

  private <K extends Comparable<K>> Optional<SortedMap<K, Double>> means(
      String metric, Function<Result, K> unit) {
    SortedMap<K, Double> means = new TreeMap<>();
    Map<K, List<Optional<Double>>> units =
        runs.stream()
            .map(StoredRunFinder.FoundRun::result)
            .collect(
                Collectors.groupingBy(
                    unit,
                    Collectors.mapping(
                        run -> run.metrics().getOrDefault(metric, Optional.empty()),
                        Collectors.toList())));
    for (Map.Entry<K, List<Optional<Double>>> entry : units.entrySet()) {
      if (!entry.getValue().stream().allMatch(Optional::isPresent)) {
        return Optional.empty();
      }
      means.put(
          entry.getKey(),
          entry.getValue().stream().mapToDouble(Optional::orElseThrow).average().orElseThrow());
    }
    return Optional.of(means);
  }
}
