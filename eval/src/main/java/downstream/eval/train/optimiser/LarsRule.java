package downstream.eval.train.optimiser;

import java.util.ArrayList;
import java.util.List;

/** {@link Optimiser.Lars} over lists; norms and factors stay on the device. */
record LarsRule(Optimiser.Lars lars) implements UpdateRule {
  @Override
  public List<String> kept() {
    return List.of("velocity");
  }

  @Override
  public List<String> lines(WeightGroup group, Norms norms) {
    boolean byol = lars.form() == Optimiser.LarsForm.BYOL;
    List<String> lines = new ArrayList<>();
    lines.add("weights = " + group.list("weights"));
    lines.add("gradients = " + group.list("gradients"));
    lines.add("velocities = " + group.list("velocity"));
    lines.add("ops.aten._foreach_div_(gradients, shrink)");
    if (group.decay()) {
      lines.addAll(byol ? scaledByol(group, norms) : scaledOrl(group, norms));
    }
    lines.add("ops.aten._foreach_mul_(velocities, " + lars.momentum() + ")");
    lines.add("ops.aten._foreach_add_(velocities, gradients, alpha=" + (byol ? "1" : "rate") + ")");
    lines.add("ops.aten._foreach_sub_(weights, velocities, alpha=" + (byol ? "rate" : "1") + ")");
    return lines;
  }

  /** g += decay · p; g *= η‖p‖/‖g‖, or 1 where a norm is 0. */
  private List<String> scaledByol(WeightGroup group, Norms norms) {
    return List.of(
        decayed(),
        "long = " + norms.of(group, "weights"),
        "below = " + norms.of(group, "gradients"),
        factor("torch.mul(long, below)"),
        scaled());
  }

  /** g += decay · p; g *= η‖p‖ / (‖g‖ + decay · ‖p‖), by the raw gradient. */
  private List<String> scaledOrl(WeightGroup group, Norms norms) {
    return List.of(
        "long = " + norms.of(group, "weights"),
        "raw = " + norms.of(group, "gradients"),
        "below = torch.add(raw, long, alpha=" + lars.weightDecay() + ")",
        decayed(),
        // Weight and gradient both zero would be 0/0; their sum is zero anyway.
        factor("below"),
        scaled());
  }

  private String decayed() {
    return "ops.aten._foreach_add_(gradients, weights, alpha=" + lars.weightDecay() + ")";
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
