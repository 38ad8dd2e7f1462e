package downstream.detection.layers;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;
import downstream.eval.parallel.BatchNorm;
import downstream.eval.torch.AutocastConvolution;

/**
 * The layers that heads are made of, with the weights they begin with.
 *
 * @param norm norm of new layers
 */
public record LayerFactory(NormType norm) {
  private static final int GROUPS = 32;
  private static final int FEWEST_PER_GROUP = 8;

  /**
   * Uniform with variance 1 / fan-in (Detectron2's c2_xavier_fill): of pyramids and linear layers.
   */
  public static Initializer uniform() {
    return new XavierInitializer(RandomType.UNIFORM, FactorType.IN, 3);
  }

  /** Normal with variance 2 / fan-out (He et al. 2015): of convolutions before a ReLU. */
  public static Initializer he() {
    return new XavierInitializer(RandomType.GAUSSIAN, FactorType.OUT, 2);
  }

  public static Initializer normal(double deviation) {
    return new NormalInitializer((float) deviation);
  }

  /** A square convolution that keeps height and width. */
  public static Conv2d convolution(int kernel, int filters, boolean bias, Initializer weights) {
    Conv2d convolution =
        new AutocastConvolution(
            Conv2d.builder()
                .setKernelShape(new Shape(kernel, kernel))
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .setFilters(filters)
                .optBias(bias));
    convolution.setInitializer(weights, Parameter.Type.WEIGHT);
    return convolution;
  }

  public static Linear linear(int units, Initializer weights) {
    Linear linear = Linear.builder().setUnits(units).build();
    linear.setInitializer(weights, Parameter.Type.WEIGHT);
    return linear;
  }

  /** A convolution and its norm; with a bias where there is no norm. */
  SequentialBlock normed(int kernel, int filters, Initializer weights) {
    boolean plain = norm == NormType.NONE;
    SequentialBlock block = new SequentialBlock().add(convolution(kernel, filters, plain, weights));
    return plain ? block : block.add(norm(filters));
  }

  /** {@code count} 3×3 convolutions, each with norm and ReLU. */
  public SequentialBlock tower(int count, int filters) {
    SequentialBlock tower = new SequentialBlock();
    for (int i = 0; i < count; i++) {
      tower.add(normed(3, filters, he())).add(Activation.reluBlock());
    }
    return tower;
  }

  private Block norm(int channels) {
    return switch (norm) {
      case NONE -> throw new IllegalStateException("there is no norm to create");
      case BATCH -> new BatchNorm();
      case GROUP -> new GroupNorm(groups(channels), channels);
      case LAYER -> new LayerNorm2d(channels);
    };
  }

  /** 32 as published, fewer where a group would have less than 8 channels. */
  static int groups(int channels) {
    int groups = Math.max(1, Math.min(GROUPS, channels / FEWEST_PER_GROUP));
    while (channels % groups != 0) {
      groups--;
    }
    return groups;
  }
}
