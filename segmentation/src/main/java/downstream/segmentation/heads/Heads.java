package downstream.segmentation;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import downstream.eval.encoder.FeatureLevel;
import java.util.List;

/** The heads of this module, by the name a protocol gives them. */
final class Heads {
  static final List<String> NAMES = List.of("fcn", "linear");

  private Heads() {}

  /**
   * A head on one feature level, its weights drawn from {@code seed}: [N, channels, h, w] to class
   * logits [N, classes, h, w].
   */
  static Block create(
      SegmentationProtocol protocol, FeatureLevel level, int classes, long seed, NDManager owner) {
    Block head =
        switch (protocol.head()) {
          case "fcn" -> FcnHead.block(protocol.headWidth(), classes);
          case "linear" -> LinearHead.block(classes);
          default -> throw new IllegalArgumentException("no head '" + protocol.head() + "'");
        };
    // PyTorch's generator takes 32 bits through DJL.
    Engine.getInstance().setRandomSeed((int) (seed ^ (seed >>> 32)));
    head.initialize(owner, DataType.FLOAT32, new Shape(1, level.channels(), 1, 1));
    return head;
  }
}
