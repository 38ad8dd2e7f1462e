package downstream.eval.classification;

import downstream.eval.confusion.ConfusionCounts;
import java.util.Optional;
import java.util.stream.IntStream;

/** Sums of image outcomes: a confusion matrix, top-5 hits, and the metrics taken from them. */
final class Confusion implements ConfusionCounts {
  private final long[][] counts;
  private long topFive;
  private long images;

  Confusion(int classes) {
    counts = new long[classes][classes];
  }

  /** Counts an image's examples so many times. */
  Confusion add(ImageOutcome outcome, long times) {
    for (int i = 0; i < outcome.cells().size(); i += 3) {
      int label = outcome.cells().get(i);
      counts[label][outcome.cells().get(i + 1)] += times * outcome.cells().get(i + 2);
    }
    topFive += times * outcome.topFive();
    images += times;
    return this;
  }

  @Override
  public int classes() {
    return counts.length;
  }

  long images() {
    return images;
  }

  @Override
  public long count(int label, int predicted) {
    return counts[label][predicted];
  }

  @Override
  public long groundTruth(int label) {
    return IntStream.range(0, classes()).mapToLong(p -> counts[label][p]).sum();
  }

  /** Examples predicted as this label. */
  long predicted(int label) {
    return IntStream.range(0, classes()).mapToLong(t -> counts[t][label]).sum();
  }

  long examples() {
    return IntStream.range(0, classes()).mapToLong(this::groundTruth).sum();
  }

  /** Share of all examples whose best class is right. */
  Optional<Double> topOne() {
    long right = IntStream.range(0, classes()).mapToLong(c -> counts[c][c]).sum();
    return share(right, examples());
  }

  /**
   * Share of all examples with the right class among the best five; of five classes no question.
   */
  Optional<Double> topFive() {
    return classes() > TopClassesFile.KEPT ? share(topFive, examples()) : Optional.empty();
  }

  /** Share of a label's examples that are right. */
  Optional<Double> accuracy(int label) {
    return share(counts[label][label], groundTruth(label));
  }

  /** Mean of the classes' accuracies, over those that have examples. */
  Optional<Double> meanAccuracy() {
    double sum = 0;
    int present = 0;
    for (int label = 0; label < classes(); label++) {
      sum += accuracy(label).orElse(0.0);
      present += accuracy(label).isPresent() ? 1 : 0;
    }
    return present == 0 ? Optional.empty() : Optional.of(sum / present);
  }

  private static Optional<Double> share(long part, long all) {
    return all == 0 ? Optional.empty() : Optional.of((double) part / all);
  }
}
