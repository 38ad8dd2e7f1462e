package downstream.detection.heads;

import ai.djl.ndarray.NDManager;
import downstream.eval.encoder.FeatureLevel;
import java.util.List;

/** The heads of this module, by the name a protocol gives them. */
public final class DetectionHeads {
  private DetectionHeads() {}

  /**
   * A head with weights drawn from the engine's generator.
   *
   * @param levels of the encoder, finest first
   * @param categories how many classes
   * @param manager owns its weights
   */
  public static DetectionHead create(
      DetectionProtocol protocol, List<FeatureLevel> levels, int categories, NDManager manager) {
    return switch (protocol.head().type()) {
      case FASTER_RCNN -> new FasterRcnn(protocol, levels, categories, manager);
      case FCOS -> new Fcos(protocol, levels, categories, manager);
      case MASK_RCNN -> new MaskRcnn(protocol, levels, categories, manager);
    };
  }
}
