package downstream.eval.train;

/**
 * Result of a training.
 *
 * @param seconds wall time of this process's share of it
 * @param waitShare share of that time spent waiting for data
 * @param batchDigest of the order of the examples: what was really seen
 * @param weightDigest of the weights at the end
 */
public record TrainingResult(
    double seconds, double waitShare, String batchDigest, String weightDigest) {
  /** Digest of order and result together. */
  public String digest() {
    return new downstream.eval.Digest().add(batchDigest).add(weightDigest).hex();
  }
}
