package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.training.initializer.UniformInitializer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;
import downstream.eval.parallel.BatchNorm;
import downstream.eval.parallel.BatchNorm.BatchNormSettings;

/** Builder of an {@link MlpHead}, layer by layer. */
public final class HeadLayers {
  static final float EPSILON = 1e-5f;
  private static final float DECAY = .9f;

  /** Kaiming normal, fan in, gain of a ReLU: √(2 / in) (ORL, {@code necks.py}). */
  private static final Initializer KAIMING =
      new XavierInitializer(RandomType.GAUSSIAN, FactorType.IN, 2);

  /** Uniform in ±1 / √in. */
  private static final Initializer UNIFORM =
      new XavierInitializer(RandomType.UNIFORM, FactorType.IN, 1);

  /** Initial weights of linear layers; biases are 0 unless said otherwise. */
  public enum Start {
    /** Normal, √(2 / in). */
    KAIMING,
    /** Uniform in ±1 / √in. */
    PYTORCH_WEIGHTS,
    /** Weights and biases uniform in ±1 / √in, as PyTorch's linear layer. */
    PYTORCH,
    /** Normal, 0.01 (SimCLR). */
    NORMAL_01,
    /**
     * Normal, 0.02 (DINO, SlotCon): their truncation, at ±2, is a hundred standard deviations away.
     */
    NORMAL_02
  }

  private final Start start;
  private final int in;
  private final SequentialBlock block = new SequentialBlock();
  private int width;
  private long flops;

  private HeadLayers(int in, Start start) {
    this.in = in;
    this.start = start;
    width = in;
  }

  /** A head without layers, for rows of {@code in} values. */
  public static HeadLayers from(int in, Start start) {
    return new HeadLayers(in, start);
  }

  /** Adds a linear layer with bias. */
  public HeadLayers linear(int out) {
    return add(linear(out, true), out);
  }

  /** Adds a linear layer without bias. */
  public HeadLayers linearWithoutBias(int out) {
    return add(linear(out, false), out);
  }

  /** Adds a linear layer whose bias stays as it starts. */
  HeadLayers linearWithFixedBias(int out) {
    Linear linear = linear(out, true);
    linear.getDirectParameters().get("bias").freeze(true);
    return add(linear, out);
  }

  private Linear linear(int out, boolean bias) {
    Linear linear = Linear.builder().setUnits(out).optBias(bias).build();
    linear.setInitializer(weights(), Parameter.Type.WEIGHT);
    if (start == Start.PYTORCH) {
      linear.setInitializer(
          new UniformInitializer((float) (1 / Math.sqrt(width))), Parameter.Type.BIAS);
    }
    return linear;
  }

  private Initializer weights() {
    return switch (start) {
      case KAIMING -> KAIMING;
      case PYTORCH_WEIGHTS, PYTORCH -> UNIFORM;
      case NORMAL_01 -> new NormalInitializer(.01f);
      case NORMAL_02 -> new NormalInitializer(.02f);
    };
  }

  private HeadLayers add(Block linear, int out) {
    block.add(linear);
    flops += LayerFlops.product(1, width, out);
    width = out;
    return this;
  }

  /** Adds a batch norm. */
  public HeadLayers norm() {
    block.add(new BatchNorm(new BatchNormSettings(EPSILON, DECAY, true)));
    return this;
  }

  /** Adds a batch norm with a scale, but without a shift. */
  public HeadLayers normWithoutShift() {
    BatchNorm norm = new BatchNorm(new BatchNormSettings(EPSILON, DECAY, true));
    norm.getDirectParameters().get("beta").freeze(true);
    block.add(norm);
    return this;
  }

  /** Adds a batch norm without scale and shift. */
  public HeadLayers normWithoutAffine() {
    block.add(new BatchNorm(new BatchNormSettings(EPSILON, DECAY, false)));
    return this;
  }

  /** Adds a ReLU. */
  public HeadLayers relu() {
    block.add(Activation::relu);
    return this;
  }

  /** Adds an exact GELU. */
  public HeadLayers gelu() {
    block.add(Activation::gelu);
    return this;
  }

  /** Scales rows to length 1. */
  public HeadLayers unitLength() {
    block.add(LambdaBlock.singleton(HeadLayers::unit));
    return this;
  }

  private static NDArray unit(NDArray rows) {
    return Similarity.normalised(rows);
  }

  /**
   * Initialises the head; random numbers are the engine's.
   *
   * @param manager owns the weights
   */
  public MlpHead build(NDManager manager) {
    return new MlpHead(block, in, flops, manager);
  }
}
