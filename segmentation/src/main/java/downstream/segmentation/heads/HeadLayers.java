package downstream.segmentation.heads;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;
import downstream.eval.parallel.BatchNorm;
import downstream.eval.torch.AutocastConvolution;

/** The layers that heads are made of. */
final class HeadLayers {
  private HeadLayers() {}

  /**
   * A convolution that keeps height and width, batch norm (which is why it has no bias) and ReLU;
   * weights normal with variance 2 / fan-out (He et al. 2015).
   */
  static SequentialBlock normed(int kernel, int filters) {
    return new SequentialBlock()
        .add(convolution(kernel, filters))
        .add(new BatchNorm())
        .add(Activation.reluBlock());
  }

  /** The convolution alone. */
  static Conv2d convolution(int kernel, int filters) {
    Conv2d convolution =
        new AutocastConvolution(
            Conv2d.builder()
                .setKernelShape(new Shape(kernel, kernel))
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .setFilters(filters)
                .optBias(false));
    convolution.setInitializer(he(), Parameter.Type.WEIGHT);
    return convolution;
  }

  /** Normal with variance 2 / fan-out. */
  static Initializer he() {
    return new XavierInitializer(RandomType.GAUSSIAN, FactorType.OUT, 2);
  }

  /**
   * Dropout of channels, then a 1×1 convolution with bias 0 and weights of N(0, 0.01²): all classes
   * start about equal.
   */
  static SequentialBlock classifier(int classes, double dropout) {
    Conv2d convolution =
        new AutocastConvolution(
            Conv2d.builder().setFilters(classes).setKernelShape(new Shape(1, 1)));
    convolution.setInitializer(new NormalInitializer(0.01f), Parameter.Type.WEIGHT);
    SequentialBlock decision = new SequentialBlock();
    return (dropout > 0 ? decision.add(new ChannelDropout(dropout)) : decision).add(convolution);
  }
}
