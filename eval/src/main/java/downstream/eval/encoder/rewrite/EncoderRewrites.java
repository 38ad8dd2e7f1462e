package downstream.eval.encoder.rewrite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import java.util.Optional;

/** Encoders derived from others: another image size, windowed attention, random weights. */
public final class EncoderRewrites {
  private static final int GLOBAL_BLOCKS = 4;

  private EncoderRewrites() {}

  /**
   * The same weights for images of another size. Of a Vision Transformer of this project the
   * input's dimensions and the positions are written again: fixed ones are computed, learned and
   * relative ones interpolated. A file whose spec says {@code anySize} keeps its graph.
   *
   * @param size side of the images in pixels
   * @throws downstream.eval.BadInput if the encoder takes one size only, or not this one
   */
  public static EncoderFile atSize(EncoderFile file, int size) {
    return size == file.spec().imageSize()
        ? file
        : EncoderFile.of(
            file.name(),
            InputResizer.model(file, size),
            file.spec().withImageSize(size),
            file.provenance());
  }

  /**
   * The same weights with attention within windows of patches, four blocks apart (ViTDet, Li et al.
   * 2022); for images of the size it has now. Empty for what is no Vision Transformer of this
   * project, or has a class token or relative positions.
   *
   * @param window side in patches
   */
  public static Optional<EncoderFile> windowed(EncoderFile file, int window) {
    return file.spec()
        .vit()
        .filter(network -> !network.classToken() && !network.relativePositions())
        .map(
            network ->
                WindowedAttention.write(file.model().getGraph(), network, window, GLOBAL_BLOCKS))
        .map(
            graph ->
                EncoderFile.of(
                    file.name(),
                    file.model().toBuilder().setGraph(graph).build(),
                    file.spec(),
                    file.provenance()));
  }

  /**
   * The random-init control: this graph with fresh weights. All encoders of one architecture have
   * the same one.
   *
   * @throws downstream.eval.BadInput if the graph has no control (see {@link RandomInit#of})
   */
  public static EncoderFile randomInit(EncoderFile file) {
    String architecture = file.architecture();
    ObjectNode origin = Json.MAPPER.createObjectNode();
    origin.put("method", "randomised").put("seed", 0).put("architecture", architecture);
    EncoderFile anonymous = file.anonymous("random-init-" + architecture.substring(0, 8), origin);
    return RandomInit.of(anonymous, 0, origin).file();
  }
}
