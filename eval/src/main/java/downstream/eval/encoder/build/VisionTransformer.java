package downstream.eval.encoder.build;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.graph.GraphWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds the ONNX graph of a {@link VitArchitecture}. */
public final class VisionTransformer {
  private VisionTransformer() {}

  /**
   * Writes the graph with weights drawn as {@link InitialWeights#MAE}.
   *
   * @see #build(VitArchitecture, String, RandomWeights, List, List, ObjectNode)
   */
  public static EncoderFile build(
      VitArchitecture network,
      String name,
      long seed,
      List<Double> mean,
      List<Double> std,
      ObjectNode provenance) {
    return build(network, name, new RandomWeights(InitialWeights.MAE, seed), mean, std, provenance);
  }

  /**
   * Writes the graph. Learned positions are normal with deviation 0.02, relative ones 0; layer
   * scales start as the architecture says.
   *
   * @param name of the encoder
   * @param mean per channel of images in [0, 1]
   * @param std per channel of images in [0, 1]
   */
  public static EncoderFile build(
      VitArchitecture network,
      String name,
      RandomWeights weights,
      List<Double> mean,
      List<Double> std,
      ObjectNode provenance) {
    GraphWriter graph = new GraphWriter(name);
    new TransformerLayers(network, graph, weights).write();
    network
        .outputs()
        .forEach(output -> graph.output(output, -1, network.rows(output), network.width()));
    String read = network.classToken() ? VitArchitecture.PATCH_LATENT : VitArchitecture.LATENT;
    FeatureLevel level =
        new FeatureLevel(read, network.patch(), network.width(), FeatureLevel.Layout.TOKENS);
    Set<String> buffers =
        network.learnedPositions() || network.relativePositions()
            ? Set.of()
            : Set.of(VitArchitecture.POSITIONS);
    EncoderSpec spec =
        new EncoderSpec(
            VitArchitecture.IMAGES,
            network.imageSize(),
            mean,
            std,
            List.of(level),
            buffers,
            Optional.of(network),
            false);
    return EncoderFile.of(name, graph.model(), spec, provenance);
  }
}
