package downstream.segmentation;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;

/**
 * The fully convolutional head (Long et al., 2015) as self-supervised papers fine-tune it (MoCo, He
 * et al., 2020, appendix): two 3×3 convolutions, each with batch norm and ReLU, then a 1×1
 * convolution.
 */
final class FcnHead {
  private FcnHead() {}

  /**
   * @param width channels W of the hidden layers
   * @return [N, C, h, w] → [N, W, h, w] → [N, W, h, w] → [N, classes, h, w]
   */
  static Block block(int width, int classes) {
    SequentialBlock head = new SequentialBlock();
    for (int layer = 0; layer < 2; layer++) {
      head.add(convolution(width)).add(BatchNorm.builder().build()).add(Activation.reluBlock());
    }
    return head.add(LinearHead.classifier(classes));
  }

  /** 3×3, keeps the size, no bias (the batch norm has one); He-normal by fan-in. */
  private static Block convolution(int width) {
    Conv2d convolution =
        Conv2d.builder()
            .setFilters(width)
            .setKernelShape(new Shape(3, 3))
            .optPadding(new Shape(1, 1))
            .optBias(false)
            .build();
    convolution.setInitializer(
        new XavierInitializer(RandomType.GAUSSIAN, FactorType.IN, 2), Parameter.Type.WEIGHT);
    return convolution;
  }
}
