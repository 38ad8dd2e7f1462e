package downstream.eval.task;

/**
 * What known answers, put through a task's evaluator, gave.
 *
 * @param version of the evaluator: a change that moves any figure is a new one
 * @param cases put through
 * @param figures compared
 * @param largestDeviation from the known answers; infinite where something is not a number or not
 *     the same text
 * @param worst the case it was found in, or ""
 * @param tolerance that it must not exceed
 * @param digest over every figure that came out: evaluators that agree to the last bit agree in it
 */
public record SelfTest(
    String version,
    int cases,
    int figures,
    double largestDeviation,
    String worst,
    double tolerance,
    String digest) {
  /** Whether the evaluator looked at something and gave the known answers. */
  public boolean passed() {
    return figures > 0 && largestDeviation <= tolerance;
  }
}
