package downstream.eval.train;

import java.util.OptionalLong;

/**
 * Measured speed of a training, from a few steps.
 *
 * @param secondsPerStep wall time, waiting for data included
 * @param waitShare share of it spent waiting for data
 * @param residentBytes the largest resident memory of this process so far; empty where the system
 *     does not tell
 */
public record StepTiming(double secondsPerStep, double waitShare, OptionalLong residentBytes) {}
