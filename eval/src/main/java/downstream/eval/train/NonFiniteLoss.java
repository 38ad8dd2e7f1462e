package downstream.eval.train;

/** A loss that is NaN or infinite: training stops at once, what was saved before stays. */
public final class NonFiniteLoss extends TrainingStopped {
  private static final long serialVersionUID = 1L;

  NonFiniteLoss(String method, int step, long seed, Object terms) {
    super(
        method,
        "the loss is not finite at step " + step + " (seed " + seed + "): " + terms,
        "Lower the learning rate, or look at the images of that step");
  }
}
