package downstream.eval.finetune;

import static downstream.eval.Checks.belowOne;
import static downstream.eval.Checks.check;
import static downstream.eval.Checks.notNegative;
import static downstream.eval.Checks.or;
import static downstream.eval.Checks.positive;

import downstream.eval.torch.Precision;
import downstream.eval.train.optimiser.Optimiser;

/**
 * Group {@code optimiser} of a protocol: the rule by which gradients move the weights.
 *
 * <p>Norms and biases are not decayed unless {@code decayNormsAndBiases} says so, whatever the
 * optimiser: the practice of transformer fine-tuning (BEiT, MAE, ViTDet) and, for norms, of
 * Detectron2. Recipes of mmseg and torchvision with SGD decay every weight.
 *
 * @param type {@code adamw} or {@code sgd}; {@code adamw}
 * @param learningRate peak learning rate of the head; 0.002
 * @param momentum of {@code sgd}, [0, 1); 0.9
 * @param weightDecay decoupled under {@code adamw}, added to the gradient under {@code sgd}; 0.05
 * @param decayNormsAndBiases whether norms and biases are decayed, too; false
 * @param clip largest norm of the gradient of all weights together; 0 for no clipping; 10
 * @param precision of encoder and head: {@code float32}; {@code tf32}, products and convolutions
 *     with 10 bits of fraction on GPUs; or {@code bfloat16}, products, convolutions and attention
 *     in bfloat16, all else in float32 (mmengine's {@code AmpOptimWrapper}); {@code float32}
 */
public record OptimiserSettings(
    OptimiserType type,
    Double learningRate,
    Double momentum,
    Double weightDecay,
    Boolean decayNormsAndBiases,
    Double clip,
    Precision precision) {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;

  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public OptimiserSettings {
    type = or(type, OptimiserType.ADAMW);
    learningRate = or(learningRate, 0.002);
    momentum = or(momentum, 0.9);
    weightDecay = or(weightDecay, 0.05);
    decayNormsAndBiases = or(decayNormsAndBiases, false);
    clip = or(clip, 10.0);
    precision = or(precision, Precision.FLOAT32);
    positive(learningRate, "optimiser.learningRate");
    belowOne(momentum, "optimiser.momentum");
    notNegative(weightDecay, "optimiser.weightDecay");
    notNegative(clip, "optimiser.clip");
    check(
        precision != Precision.FLOAT64,
        "optimiser.precision",
        "float64",
        "float32, tf32 or bfloat16");
  }

  /** The update rule; {@link EncoderWithHead#weights} says which weights it decays. */
  public Optimiser rule() {
    return switch (type) {
      case ADAMW -> new Optimiser.AdamW(learningRate, weightDecay, BETA1, BETA2);
      case SGD -> new Optimiser.Sgd(learningRate, momentum, weightDecay, false);
    };
  }
}
