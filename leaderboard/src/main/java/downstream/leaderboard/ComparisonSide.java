package downstream.leaderboard;

import downstream.eval.BadInput;
import downstream.eval.run.Result;
import downstream.leaderboard.ledger.StoredRunFinder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One side of a comparison: the runs of an encoder, or of all encoders of a pretraining method.
 *
 * @param name as it was given
 * @param byMethod whether its encoders are many: then the pretraining is what is replicated
 * @param runs not empty
 */
public record ComparisonSide(String name, boolean byMethod, List<StoredRunFinder.FoundRun> runs) {
  private static final int MIN_DIGITS = 6;

  /**
   * Finds it.
   *
   * @param name an encoder's name, {@code MIN_DIGITS} or more digits of its digest, both as {@code
   *     NAME@DIGITS}, or {@code method:NAME}
   * @throws BadInput if there is none, or the name is that of several encoders
   */
  public static ComparisonSide named(String name, List<StoredRunFinder.FoundRun> all) {
    boolean byMethod = name.startsWith("method:");
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
    if (encoders.size() > 1 && !byMethod) {
      throw new BadInput(name, "is the name of several encoders", "Choose one of " + encoders);
    }
    return new ComparisonSide(name, byMethod, runs);
  }

  private static boolean matches(String name, Result run) {
    if (name.startsWith("method:")) {
      String method = run.encoder().pretrain().path("method").asText();
      return method.equals(name.substring("method:".length()));
    }
    String digits = name.substring(name.lastIndexOf('@') + 1);
    String known = run.encoder().name();
    return known.equals(name)
        || ((digits.equals(name) || name.equals(known + "@" + digits))
            && digits.length() >= MIN_DIGITS
            && run.encoder().digest().startsWith(digits));
  }

  /** Returns the unit of replication in words. */
  public String unit() {
    return byMethod ? "pretraining seed" : "fine-tuning seed";
  }

  /** Returns the part of this side whose runs answer this question. */
  public ComparisonSide under(String evaluationKey) {
    return new ComparisonSide(
        name,
        byMethod,
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
    Map<String, List<Optional<Double>>> units =
        runs.stream()
            .collect(
                Collectors.groupingBy(
                    run -> unit(run.result()),
                    TreeMap::new,
                    Collectors.mapping(
                        run -> run.result().metrics().getOrDefault(metric, Optional.empty()),
                        Collectors.toList())));
    boolean whole = units.values().stream().flatMap(List::stream).allMatch(Optional::isPresent);
    return whole
        ? Optional.of(
            units.values().stream()
                .map(v -> v.stream().mapToDouble(Optional::orElseThrow).average().orElseThrow())
                .toList())
        : Optional.empty();
  }

  private String unit(Result run) {
    return byMethod ? run.encoder().digest() : "" + run.seeds().declared();
  }
}
