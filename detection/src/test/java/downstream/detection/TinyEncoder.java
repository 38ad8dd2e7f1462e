package downstream.detection;

import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import java.util.List;

/** A patch-8 transformer with random weights that trains in seconds. */
final class TinyEncoder {
  private TinyEncoder() {}

  static EncoderFile file(int imageSize) {
    return VisionTransformer.build(
        new VitArchitecture(imageSize, 8, 32, 2, 2, 2),
        "tiny",
        0,
        List.of(0.485, 0.456, 0.406),
        List.of(0.229, 0.224, 0.225),
        Json.MAPPER.createObjectNode());
  }
}
