package downstream.pretrain.mining.embedding;

import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.build.ProjectorGraph;
import downstream.eval.encoder.runtime.OnnxEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * BYOL's projector, stored beside an encoder. ORL compares images by the projections of their
 * embeddings (Xie et al. 2021, {@code hooks/extractor.py}).
 */
public final class OnnxProjector implements EmbeddingProjection, AutoCloseable {
  private final OnnxEncoder graph;
  private final String digest;
  private final int width;
  private final long flops;

  private OnnxProjector(EncoderFile file) {
    graph = new OnnxEncoder(file, List.of(ProjectorGraph.PROJECTION), 1);
    digest = file.sha256();
    TensorProto first = tensor(file, "linear1.weight"); // [hidden, D]
    TensorProto second = tensor(file, "linear2.weight"); // [d, hidden]
    width = (int) second.getDims(0);
    flops = 2 * (first.getDims(1) * first.getDims(0) + second.getDims(1) * second.getDims(0));
  }

  private static TensorProto tensor(EncoderFile file, String name) {
    return file.model().getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The projector's file beside an encoder. */
  public static Path file(Path encoder) {
    return EncoderFile.beside(encoder, ".projector.onnx");
  }

  /** The projector beside an encoder; empty if there is none. */
  public static Optional<OnnxProjector> beside(Path encoder) {
    Path file = file(encoder);
    return Files.exists(file)
        ? Optional.of(new OnnxProjector(EncoderFile.read(file)))
        : Optional.empty();
  }

  @Override
  public float[][] apply(float[][] pooled) {
    int in = pooled[0].length;
    float[] flat = new float[pooled.length * in];
    for (int i = 0; i < pooled.length; i++) {
      System.arraycopy(pooled[i], 0, flat, i * in, in);
    }
    float[] projected =
        Objects.requireNonNull(
                graph
                    .run(flat, new long[] {pooled.length, in}, List.of(ProjectorGraph.PROJECTION))
                    .get(ProjectorGraph.PROJECTION))
            .data();
    float[][] rows = new float[pooled.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(projected, i * width, (i + 1) * width);
    }
    return rows;
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public long flops() {
    return flops;
  }

  @Override
  public void close() {
    graph.close();
  }
}
