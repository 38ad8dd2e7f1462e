package downstream.eval.run;

/** A figure of merit, as a fraction (never percent). */
public record Metric(String name, boolean higherIsBetter) {}
