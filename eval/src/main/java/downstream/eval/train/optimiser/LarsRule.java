package downstream.eval.train.optimiser;

import java.util.ArrayList;
import java.util.List;

/** {@link Optimiser.Lars} over lists; norms and factors stay on the device. */
record LarsRule(Optimiser.Lars lars) implements UpdateRule {
  private static final double TINY = 1e-8;

  @Override
  public List<String> kept() {
    return List.of("velocity");
  }

  @Override
  public List<String> lines(WeightGroup group, Norms norms) {
    boolean folded = lars.form().foldsRate();
    List<String> lines = new ArrayList<>();
    lines.add("weights = " + group.list("weights"));
    lines.add("gradients = " + group.list("gradients"));
    lines.add("velocities = " + group.list("velocity"));
    lines.add("ops.aten._foreach_div_(gradients, shrink)");
    if (group.decay() || lars.form() == Optimiser.LarsForm.LARC) {
      lines.addAll(scaled(group, norms));
    }
    lines.add("ops.aten._foreach_mul_(velocities, " + lars.momentum() + ")");
    lines.add(
        "ops.aten._foreach_add_(velocities, gradients, alpha=" + (folded ? "rate" : "1") + ")");
    lines.add("ops.aten._foreach_sub_(weights, velocities, alpha=" + (folded ? "1" : "rate") + ")");
    return lines;
  }

  private List<String> scaled(WeightGroup group, Norms norms) {
    return switch (lars.form()) {
      case BYOL, SIMCLR -> scaledByDecayed(group, norms);
      case ORL -> scaledByRaw(group, norms);
      case LARC -> scaledUnlessZero(group, norms);
    };
  }

  /** g += decay · p; g *= η‖p‖/‖g‖, or 1 where a norm is 0. */
  private List<String> scaledByDecayed(WeightGroup group, Norms norms) {
    return List.of(
        decayed(),
        "long = " + norms.of(group, "weights"),
        "below = " + norms.of(group, "gradients"),
        factor("torch.mul(long, below)"),
        scaled());
  }

  /** g += decay · p; g *= η‖p‖ / (‖g‖ + decay · ‖p‖), by the raw gradient. */
  private List<String> scaledByRaw(WeightGroup group, Norms norms) {
    return List.of(
        "long = " + norms.of(group, "weights"),
        "raw = " + norms.of(group, "gradients"),
        "below = torch.add(raw, long, alpha=decay)",
        decayed(),
        // Weight and gradient both zero would be 0/0; their sum is zero anyway.
        factor("below"),
        scaled());
  }

  /** g = (g + decay · p) · η‖p‖ / (‖g‖ + decay · ‖p‖ + 1e-8), or g where a norm is 0. */
  private List<String> scaledUnlessZero(WeightGroup group, Norms norms) {
    return List.of(
        "long = " + norms.of(group, "weights"),
        "raw = " + norms.of(group, "gradients"),
        "below = torch.add(torch.add(raw, long, alpha=decay), " + TINY + ")",
        "both = torch.mul(long, raw)",
        "decays = torch.mul(torch.gt(both, 0), decay)",
        "pulls = ops.aten._foreach_mul(weights, torch.unbind(decays))",
        "ops.aten._foreach_add_(gradients, pulls)",
        factor("both"),
        scaled());
  }

  private static String decayed() {
    return "ops.aten._foreach_add_(gradients, weights, alpha=decay)";
  }

  /** η · long / below, or 1 where {@code positive} is not. */
  private String factor(String positive) {
    return "factor = torch.where(torch.gt(%s, 0), torch.mul(torch.div(long, below), %s), torch.ones_like(long))"
        .formatted(positive, lars.trust());
  }

  private static String scaled() {
    return "ops.aten._foreach_mul_(gradients, torch.unbind(factor))";
  }
}
