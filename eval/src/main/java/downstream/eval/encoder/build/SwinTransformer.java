package downstream.eval.encoder.build;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.SwinArchitecture;
import downstream.eval.encoder.graph.GraphWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds the ONNX graph of a {@link SwinArchitecture}. */
public final class SwinTransformer {
  private SwinTransformer() {}

  /**
   * Writes the graph. Tables of relative positions are normal with deviation 0.02.
   *
   * @param name of the encoder
   * @param mean per channel of images in [0, 1]
   * @param std per channel of images in [0, 1]
   */
  public static EncoderFile build(
      SwinArchitecture network,
      String name,
      RandomWeights weights,
      List<Double> mean,
      List<Double> std,
      ObjectNode provenance) {
    ModelProto model = model(network, name, weights);
    List<FeatureLevel> levels = new ArrayList<>();
    for (int stage = 0; stage < SwinArchitecture.STAGES; stage++) {
      levels.add(
          new FeatureLevel(
              SwinArchitecture.level(stage),
              SwinArchitecture.PATCH << stage,
              network.channels(stage),
              FeatureLevel.Layout.CHANNELS_LAST));
    }
    Set<String> buffers = new HashSet<>();
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      if (tensor.getName().endsWith(".mask")) {
        buffers.add(tensor.getName());
      }
    }
    EncoderSpec spec =
        new EncoderSpec(
            "images", network.imageSize(), mean, std, levels, buffers, Optional.of(network), false);
    return EncoderFile.of(name, model, spec, provenance);
  }

  private static ModelProto model(SwinArchitecture network, String name, RandomWeights weights) {
    GraphWriter graph = new GraphWriter(name);
    new SwinLayers(network, graph, weights).write();
    for (int stage = 0; stage < SwinArchitecture.STAGES; stage++) {
      int grid = network.grid(stage);
      graph.output(SwinArchitecture.level(stage), -1, grid, grid, network.channels(stage));
    }
    return graph.model();
  }

  /** The graph of a network with random weights, whose tensors others may replace by name. */
  public static GraphProto graph(SwinArchitecture network, String name) {
    return model(network, name, new RandomWeights(InitialWeights.TIMM, 0)).getGraph();
  }

  /** Tells whether a tensor is a table of relative positions. */
  public static boolean isTable(String tensor) {
    return tensor.endsWith(SwinLayers.TABLE);
  }
}
