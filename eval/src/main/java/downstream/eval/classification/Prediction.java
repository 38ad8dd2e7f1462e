package downstream.eval.classification;

import java.util.List;

/**
 * An example's best classes.
 *
 * @param labels the best first; one at least, {@link TopClassesFile#KEPT} at most
 * @param scores theirs: shares of the vote, or probabilities
 */
record Prediction(List<Integer> labels, List<Double> scores) {
  Prediction {
    labels = List.copyOf(labels);
    scores = List.copyOf(scores);
  }

  int best() {
    return labels.get(0);
  }
}
