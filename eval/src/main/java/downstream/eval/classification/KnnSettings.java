package downstream.eval.classification;

import downstream.eval.Json;

/**
 * The nearest-neighbour vote.
 *
 * @param k how many of the nearest training examples vote; 20
 * @param temperature a neighbour of cosine similarity s votes with weight exp(s / temperature);
 *     0.07
 * @param bankFraction share of the training images whose examples vote, drawn with the run's seed,
 *     (0, 1]; 0.5
 */
record KnnSettings(Integer k, Double temperature, Double bankFraction) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  KnnSettings {
    k = Settings.or(k, 20);
    temperature = Settings.or(temperature, 0.07);
    bankFraction = Settings.or(bankFraction, 0.5);
    Settings.check(k >= 1, "knn.k", k, "1 or more");
    Settings.check(
        temperature > 0 && temperature < Double.POSITIVE_INFINITY,
        "knn.temperature",
        temperature,
        "positive");
    Settings.check(
        bankFraction > 0 && bankFraction <= 1, "knn.bankFraction", bankFraction, "in (0, 1]");
  }

  /** Every field at its default. */
  static KnnSettings defaults() {
    return Json.as("knn", Json.MAPPER.createObjectNode(), KnnSettings.class);
  }
}
