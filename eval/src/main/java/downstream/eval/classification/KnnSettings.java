package downstream.eval.classification;

import static downstream.eval.Checks.atLeast;
import static downstream.eval.Checks.or;
import static downstream.eval.Checks.positive;
import static downstream.eval.Checks.positiveFraction;

/**
 * Group {@code knn} of a protocol: the nearest-neighbour vote.
 *
 * @param k how many of the nearest training examples vote; 20
 * @param temperature a neighbour of cosine similarity s votes with weight exp(s / temperature);
 *     0.07
 * @param bankFraction fraction of the training images whose examples vote, drawn with the run's
 *     seed, (0, 1]; 0.5
 */
record KnnSettings(Integer k, Double temperature, Double bankFraction) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  KnnSettings {
    k = or(k, 20);
    temperature = or(temperature, 0.07);
    bankFraction = or(bankFraction, 0.5);
    atLeast(k, 1, "knn.k");
    positive(temperature, "knn.temperature");
    positiveFraction(bankFraction, "knn.bankFraction");
  }
}
