package downstream.eval.task;

/**
 * Result of scoring a task's bundled reference cases.
 *
 * @param version of the evaluator: a change that moves any metric is a new one
 * @param cases scored
 * @param metrics compared
 * @param largestDeviation from the reference values; infinite where something is not a number or
 *     not the same text
 * @param worst the case with that deviation, or ""
 * @param tolerance that it must not exceed
 * @param digest over every metric: evaluators that agree to the last bit have the same one
 */
public record SelfTest(
    String version,
    int cases,
    int metrics,
    double largestDeviation,
    String worst,
    double tolerance,
    String digest) {
  /** Tells whether the evaluator compared something and gave the reference values. */
  public boolean passed() {
    return metrics > 0 && largestDeviation <= tolerance;
  }
}
