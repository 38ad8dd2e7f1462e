package downstream.eval.pretraining;

import java.util.OptionalLong;

/**
 * Estimated cost of one stage of a pretraining on this machine.
 *
 * @param stage its name
 * @param steps updates
 * @param images seen, with repetition
 * @param flops floating-point operations
 * @param seconds wall time
 * @param residentBytes memory of the process, if the system tells
 */
public record CostEstimate(
    String stage,
    long steps,
    long images,
    long flops,
    double seconds,
    OptionalLong residentBytes) {}
