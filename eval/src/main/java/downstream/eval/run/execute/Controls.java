package downstream.eval.run.execute;

import downstream.eval.BadInput;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.Result;
import downstream.eval.run.RunStore;
import downstream.eval.run.ScoredSplit;
import downstream.eval.task.Metric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The random-weights controls of an evaluation: for each architecture among its encoders one that
 * is scored under the same protocol, on the same data, with the same seeds.
 */
public record Controls(EvaluationRequest evaluation, RunStore store) {
  /** Methods whose encoders have learnt nothing. */
  private static final Set<String> RANDOM_INIT_METHODS = Set.of("random", "randomised");

  /** Tells whether the encoders of that method have random weights. */
  public static boolean isRandomInit(String method) {
    return RANDOM_INIT_METHODS.contains(method);
  }

  static boolean isRandomInit(EncoderFile encoder) {
    return isRandomInit(encoder.provenance().path("method").asText());
  }

  /**
   * One encoder for each architecture that has no control: none among the encoders themselves, and
   * none stored with every seed on every split.
   */
  public List<EncoderFile> missing() {
    Set<String> covered = stored();
    evaluation.encoders().stream()
        .filter(Controls::isRandomInit)
        .forEach(encoder -> covered.add(encoder.architecture()));
    List<EncoderFile> missing = new ArrayList<>();
    for (EncoderFile encoder : evaluation.encoders()) {
      if (covered.add(encoder.architecture())) {
        missing.add(encoder);
      }
    }
    return missing;
  }

  private record Candidate(String architecture, String digest) {
    static Candidate of(Result run) {
      return new Candidate(run.control().orElseThrow().architecture(), run.encoder().digest());
    }
  }

  /** Architectures of which one control has every run. */
  private Set<String> stored() {
    long all = (long) evaluation.seeds().size() * evaluation.data().evaluation().size();
    Map<Candidate, Long> runs =
        scored().stream().collect(Collectors.groupingBy(Candidate::of, Collectors.counting()));
    Set<String> stored = new HashSet<>();
    runs.forEach(
        (candidate, count) -> {
          if (count == all) {
            stored.add(candidate.architecture());
          }
        });
    return stored;
  }

  /** Every stored run of a random-init encoder that answers this evaluation's question. */
  private List<Result> scored() {
    return answers().stream()
        .filter(run -> run.control().filter(Result.Control::randomInit).isPresent())
        .toList();
  }

  /** Every stored run, of whatever encoder, that answers this evaluation's question. */
  private List<Result> answers() {
    List<Result> found = new ArrayList<>();
    for (ScoredSplit split : ScoredSplit.of(evaluation.data())) {
      for (long seed : evaluation.seeds()) {
        found.addAll(store.ofAnyEncoder(evaluation.task(), split, evaluation.protocol(), seed));
      }
    }
    return found;
  }

  /**
   * The evaluation of what is missing.
   *
   * @param log told of encoders that have no control, and why
   */
  public EvaluationRequest asked(Consumer<String> log) {
    List<EncoderFile> controls = new ArrayList<>();
    for (EncoderFile encoder : missing()) {
      try {
        controls.add(EncoderRewrites.randomInit(encoder));
      } catch (BadInput e) {
        log.accept(encoder.name() + " has no control: " + e.getMessage());
      }
    }
    return evaluation.of(controls);
  }

  /** Sentences on the encoders and splits whose stored mean is not better than their control's. */
  public List<String> notBetter() {
    Metric metric = evaluation.task().metrics().get(0);
    Set<String> digests =
        evaluation.encoders().stream().map(EncoderFile::digest).collect(Collectors.toSet());
    Map<String, List<Result>> rows = new LinkedHashMap<>();
    for (Result run : answers()) {
      if (digests.contains(run.encoder().digest())
          && run.control().filter(c -> !c.randomInit()).isPresent()) {
        String row = run.encoder().name() + " on " + run.task().split();
        rows.computeIfAbsent(row, key -> new ArrayList<>()).add(run);
      }
    }
    List<Result> controls = scored();
    List<String> sentences = new ArrayList<>();
    rows.forEach(
        (row, runs) ->
            mean(metric, runs)
                .flatMap(
                    mine -> verdict(metric, mine, mean(metric, matching(runs.get(0), controls))))
                .ifPresent(verdict -> sentences.add(row + " is NOT BETTER " + verdict)));
    return sentences;
  }

  private static List<Result> matching(Result run, List<Result> controls) {
    return controls.stream()
        .filter(c -> c.task().split().equals(run.task().split()))
        .filter(c -> architecture(c).equals(architecture(run)))
        .toList();
  }

  private static Optional<String> architecture(Result run) {
    return run.control().map(Result.Control::architecture);
  }

  private static Optional<Double> mean(Metric metric, List<Result> runs) {
    List<Double> values =
        runs.stream()
            .flatMap(run -> run.metrics().getOrDefault(metric.name(), Optional.empty()).stream())
            .toList();
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(values.stream().mapToDouble(v -> v).average().orElseThrow());
  }

  private static Optional<String> verdict(Metric metric, double mine, Optional<Double> control) {
    double sign = metric.higherIsBetter() ? 1 : -1;
    return control
        .filter(theirs -> sign * (mine - theirs) <= 0)
        .map(
            theirs ->
                String.format(
                    java.util.Locale.ROOT,
                    "than the same graph with random weights: mean %s %.4f against %.4f",
                    metric.name(),
                    mine,
                    theirs));
  }
}
