package downstream.eval.encoder;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import downstream.eval.BadInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** Tensors that an ONNX file keeps in other files beside it. */
final class ExternalTensorData {
  private static final long LARGEST_MODEL = Integer.MAX_VALUE;

  private ExternalTensorData() {}

  /**
   * The model with all its tensors inside.
   *
   * @throws BadInput if a file is missing or too short, lies outside the model's folder, or the
   *     whole exceeds the 2 GiB of one ONNX message
   */
  static ModelProto load(Path file, ModelProto model) throws IOException {
    if (model.getGraph().getInitializerList().stream().noneMatch(ExternalTensorData::isExternal)) {
      return model;
    }
    GraphProto.Builder graph = model.getGraph().toBuilder();
    long total = model.getSerializedSize();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      if (isExternal(graph.getInitializer(i))) {
        TensorProto loaded = load(file, graph.getInitializer(i));
        total += loaded.getRawData().size();
        if (total > LARGEST_MODEL) {
          throw new BadInput(
              file, "holds more than 2 GiB of weights", "Use an encoder with fewer weights");
        }
        graph.setInitializer(i, loaded);
      }
    }
    return model.toBuilder().setGraph(graph).build();
  }

  private static boolean isExternal(TensorProto tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
  }

  private static TensorProto load(Path file, TensorProto tensor) throws IOException {
    Map<String, String> place =
        tensor.getExternalDataList().stream()
            .collect(
                Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
    String location = place.getOrDefault("location", "");
    Path folder = file.toAbsolutePath().normalize().resolveSibling("");
    Path beside = folder.resolve(location).normalize();
    if (!beside.startsWith(folder) || !Files.isRegularFile(beside)) {
      throw new BadInput(
          file,
          "keeps tensor '"
              + tensor.getName()
              + "' in '"
              + location
              + "', which is not in the same folder",
          "Put that file into " + folder);
    }
    try (FileChannel channel = FileChannel.open(beside)) {
      long offset = Long.parseLong(place.getOrDefault("offset", "0"));
      long length = Long.parseLong(place.getOrDefault("length", "" + (channel.size() - offset)));
      if (offset < 0 || length < 0 || length > LARGEST_MODEL || offset + length > channel.size()) {
        throw new BadInput(
            beside,
            "ends before tensor '" + tensor.getName() + "': " + channel.size() + " bytes",
            "Copy the file again");
      }
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
      while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
        // A read may stop short.
      }
      return tensor.toBuilder()
          .clearExternalData()
          .clearDataLocation()
          .setRawData(ByteString.copyFrom(bytes.flip()))
          .build();
    }
  }
}
