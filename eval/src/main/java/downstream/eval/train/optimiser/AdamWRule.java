package downstream.eval.train.optimiser;

import java.util.Collections;
import java.util.List;

/** {@link Optimiser.AdamW} by PyTorch's fused kernel: one pass over a group's arrays. */
record AdamWRule(Optimiser.AdamW adam) implements UpdateRule {
  private static final double EPSILON = 1e-8;

  @Override
  public List<String> kept() {
    return List.of("first", "second");
  }

  @Override
  public List<String> lines(WeightGroup group, Norms norms) {
    String steps = String.join(", ", Collections.nCopies(group.weights().size(), "step"));
    String decay = group.decay() ? "decay" : "0.0";
    return List.of(
        ("ops.aten._fused_adamw_(%s, %s, %s, %s, annotate(List[Tensor], []), [%s], lr=rate,"
                + " beta1=%s, beta2=%s, weight_decay=%s, eps=%s, amsgrad=False, maximize=False,"
                + " grad_scale=shrink)")
            .formatted(
                group.list("weights"),
                group.list("gradients"),
                group.list("first"),
                group.list("second"),
                steps,
                adam.beta1(),
                adam.beta2(),
                decay,
                EPSILON));
  }
}
