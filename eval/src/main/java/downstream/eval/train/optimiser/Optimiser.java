package downstream.eval.train.optimiser;

import downstream.eval.Checks;

/**
 * The rule by which gradients move weights, with its constants. What it keeps from step to step
 * belongs to the checkpoint.
 */
public sealed interface Optimiser {
  /** The rate that the {@link Schedule} scales. */
  double learningRate();

  /** The weight decay, or that of the first step where it moves. */
  double weightDecay();

  /**
   * Adam with decoupled weight decay (Loshchilov and Hutter 2019), ε = 1e-8. Biases and norms are
   * not decayed.
   *
   * @param weightDecay each step takes away rate × this × weight
   * @param beta1 first-moment decay
   * @param beta2 second-moment decay
   */
  record AdamW(double learningRate, double weightDecay, double beta1, double beta2)
      implements Optimiser {
    public AdamW {
      checkRates(learningRate, weightDecay);
      Checks.require(
          beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1,
          "betas must be in [0, 1): " + beta1 + ", " + beta2);
    }
  }

  /**
   * Stochastic gradient descent with momentum as PyTorch has it: g += decay · p, v = momentum · v +
   * g, p −= rate · v.
   *
   * @param weightDecay added to the gradient, hence not decoupled
   * @param decayAll whether biases and norms are decayed too, as SimSiam's and ORL's code does
   */
  record Sgd(double learningRate, double momentum, double weightDecay, boolean decayAll)
      implements Optimiser {
    public Sgd {
      checkRates(learningRate, weightDecay);
      checkMomentum(momentum);
    }
  }

  /**
   * Layer-wise adaptive rate scaling (You, Gitman and Ginsburg 2017, arXiv 1708.03888): each array
   * moves in proportion to its own norm. Biases and norms are neither scaled nor decayed, but for
   * {@link LarsForm#LARC}.
   *
   * @param trust η, the share of an array's norm that a step of rate 1 may move it by
   * @param weightDecay added to the gradient
   */
  record Lars(double learningRate, double momentum, double trust, double weightDecay, LarsForm form)
      implements Optimiser {
    public Lars {
      checkRates(learningRate, weightDecay);
      checkMomentum(momentum);
      Checks.require(trust > 0, "trust must be positive, not " + trust);
    }
  }

  /** The order of operations in several codes. */
  enum LarsForm {
    /**
     * BYOL's: g += decay · p; g *= η‖p‖/‖g‖, or 1 where a norm is 0; v = momentum · v + g; p −=
     * rate · v.
     */
    BYOL,
    /** SimCLR's: as BYOL's, with the rate folded into the momentum: v = momentum · v + rate · g. */
    SIMCLR,
    /**
     * ORL's: local rate = η‖p‖ / (‖g‖ + decay · ‖p‖) by the raw gradient; v = momentum · v + rate ·
     * local rate · (g + decay · p); p −= v. The rate is folded into the momentum.
     */
    ORL,
    /**
     * Apex's LARC, as SwAV uses it: g = local rate · (g + decay · p), the local rate η‖p‖ / (‖g‖ +
     * decay · ‖p‖ + 1e-8) by the raw gradient; where either norm is 0, g stays as it is. v =
     * momentum · v + g; p −= rate · v. Biases and norms are treated like all others.
     */
    LARC;

    /** Tells whether momentum sums up moves and not gradients, so that old rates live on in it. */
    boolean foldsRate() {
      return this == SIMCLR || this == ORL;
    }
  }

  private static void checkRates(double learningRate, double weightDecay) {
    Checks.require(learningRate > 0, "learningRate must be positive, not " + learningRate);
    Checks.require(weightDecay >= 0, "weightDecay must not be negative: " + weightDecay);
  }

  private static void checkMomentum(double momentum) {
    Checks.require(momentum >= 0 && momentum < 1, "momentum must be in [0, 1), not " + momentum);
  }
}
