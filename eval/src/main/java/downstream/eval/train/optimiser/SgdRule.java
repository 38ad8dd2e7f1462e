package downstream.eval.train.optimiser;

import java.util.List;

/** {@link Optimiser.Sgd} by PyTorch's fused kernel: one pass over a group's arrays. */
record SgdRule(Optimiser.Sgd sgd) implements UpdateRule {
  @Override
  public List<String> kept() {
    return List.of("velocity");
  }

  @Override
  public List<String> lines(WeightGroup group, Norms norms) {
    String decay = group.decay() || sgd.decayAll() ? "decay" : "0.0";
    // Without momentum the kernel wants no velocities.
    String velocities = sgd.momentum() > 0 ? group.list("velocity") : "annotate(List[Tensor], [])";
    return List.of(
        ("ops.aten._fused_sgd_(%s, %s, %s, weight_decay=%s, momentum=%s, lr=rate, dampening=0.0,"
                + " nesterov=False, maximize=False, is_first_step=False, grad_scale=shrink)")
            .formatted(
                group.list("weights"), group.list("gradients"), velocities, decay, sgd.momentum()));
  }
}
