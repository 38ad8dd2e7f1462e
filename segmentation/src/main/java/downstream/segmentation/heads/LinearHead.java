package downstream.segmentation;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.initializer.NormalInitializer;

/**
 * The linear head: batch norm, then a 1×1 convolution, one logit a class and cell; nothing but the
 * features themselves can tell the classes apart. It is how DINOv2 (Oquab et al., 2023, section
 * 7.4) evaluates frozen features; the batch norm takes out the scale of the features, which differs
 * much between pretraining methods.
 */
final class LinearHead {
  private LinearHead() {}

  /**
   * @return [N, C, h, w] → [N, classes, h, w]
   */
  static Block block(int classes) {
    return new SequentialBlock().add(BatchNorm.builder().build()).add(classifier(classes));
  }

  /** A 1×1 convolution with bias 0 and weights of N(0, 0.01²): all classes start about equal. */
  static Block classifier(int classes) {
    Conv2d convolution =
        Conv2d.builder().setFilters(classes).setKernelShape(new Shape(1, 1)).build();
    convolution.setInitializer(new NormalInitializer(0.01f), Parameter.Type.WEIGHT);
    return convolution;
  }
}
