package downstream.eval.task;

/** A figure of merit, as a fraction (never percent). */
public record Metric(String name, boolean higherIsBetter) {}
