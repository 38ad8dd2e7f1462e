package downstream.eval.encoder;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import downstream.eval.BadInput;
import downstream.eval.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads an encoder's file and the files beside it. */
final class EncoderReading {
  private EncoderReading() {}

  /**
   * The model, external data included.
   *
   * @throws BadInput if the file cannot be read or holds no ONNX graph
   */
  static ModelProto model(Path file) {
    ModelProto model;
    try {
      model = ExternalTensorData.load(file, ModelProto.parseFrom(Files.readAllBytes(file)));
    } catch (InvalidProtocolBufferException e) {
      throw notOnnx(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw BadInput.unreadable(file, e);
    }
    if (model.getGraph().getNodeCount() == 0 || model.getOpsetImportCount() == 0) {
      throw notOnnx(file, "it has no graph or no operator set");
    }
    return model;
  }

  private static BadInput notOnnx(Path file, String reason) {
    return new BadInput(
        file, "is not an ONNX model (" + reason + ")", "Export the encoder to ONNX again");
  }

  /** The spec beside the file, else the one in the model's metadata. */
  static Optional<EncoderSpec> spec(Path file, Map<String, String> metadata) {
    Path own = EncoderFile.specBeside(file);
    if (Files.exists(own)) {
      return Optional.of(Json.as(own, Json.readYaml(own), EncoderSpec.class));
    }
    String where = file + " (" + EncoderFile.SPEC + ")";
    return Optional.ofNullable(metadata.get(EncoderFile.SPEC))
        .map(text -> Json.as(where, Json.parseYaml(where, text), EncoderSpec.class));
  }
}
