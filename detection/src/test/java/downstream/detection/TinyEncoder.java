package downstream.detection;

import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.encoder.build.VisionTransformer;
import java.util.List;

/** Encoders with random weights that train in seconds. */
final class TinyEncoder {
  private static final List<Double> MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> STD = List.of(0.229, 0.224, 0.225);

  private TinyEncoder() {}

  /** A patch-8 transformer. */
  static EncoderFile file(int imageSize) {
    return VisionTransformer.build(
        new VitArchitecture(imageSize, 8, 32, 2, 2, 2),
        "tiny",
        0,
        MEAN,
        STD,
        Json.MAPPER.createObjectNode());
  }

  /** A residual network, which has four levels and batch norms. */
  static EncoderFile staged(int imageSize) {
    return new ResNet(18, 4).build("r", imageSize, 0, MEAN, STD, Json.MAPPER.createObjectNode());
  }
}
