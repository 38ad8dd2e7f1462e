package downstream.eval.task;

/** Name and direction of a metric, whose values are fractions (never percent). */
public record Metric(String name, boolean higherIsBetter) {}
