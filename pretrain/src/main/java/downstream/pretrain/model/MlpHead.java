package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.build.ProjectorGraph;
import downstream.eval.train.optimiser.Weight;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A projector or predictor: linear layers with batch norm (eps 1e-5, decay 0.9) between them, as
 * the papers have them; {@link HeadLayers} puts others together. [N, in] to [N, out], and [N, L,
 * in] to [N, L, out] for the cells of images; batch norm always goes by the batch.
 */
public final class MlpHead {
  /** The parameters of {@link #byol} in the order in which its layers hold them. */
  private static final List<String> BYOL_NAMES =
      List.of(
          "linear1.weight",
          "linear1.bias",
          "norm.scale",
          "norm.shift",
          "norm.mean",
          "norm.variance",
          "linear2.weight");

  private final Block block;
  private final long flops;

  /**
   * @param block layers that have been given their initialisers
   * @param in width of a row
   * @param flops of a row, forward
   */
  MlpHead(Block block, int in, long flops, NDManager manager) {
    this.block = block;
    this.flops = flops;
    block.initialize(manager, DataType.FLOAT32, new Shape(2, in));
  }

  /**
   * BYOL's projector and predictor, ORL's too (Grill et al. 2020, section 3.2; {@code
   * networks.py}): linear with bias, batch norm, ReLU, linear without.
   *
   * @param manager owns the weights
   */
  public static MlpHead byol(int in, int hidden, int out, NDManager manager) {
    return HeadLayers.from(in, HeadLayers.Start.KAIMING)
        .linear(hidden)
        .norm()
        .relu()
        .linearWithoutBias(out)
        .build(manager);
  }

  /**
   * SimSiam's projector (Chen and He 2021, section 4; {@code builder.py}): three linear layers, the
   * first two without bias and followed by batch norm and ReLU, the last followed by batch norm
   * without scale and shift; its bias, which that norm undoes, is not trained.
   */
  public static MlpHead simSiamProjector(int in, int hidden, int out, NDManager manager) {
    return HeadLayers.from(in, HeadLayers.Start.PYTORCH_WEIGHTS)
        .linearWithoutBias(hidden)
        .norm()
        .relu()
        .linearWithoutBias(hidden)
        .norm()
        .relu()
        .linearWithFixedBias(out)
        .normWithoutAffine()
        .build(manager);
  }

  /** SimSiam's predictor: linear without bias, batch norm, ReLU, linear with bias. */
  public static MlpHead simSiamPredictor(int width, int bottleneck, NDManager manager) {
    return HeadLayers.from(width, HeadLayers.Start.PYTORCH_WEIGHTS)
        .linearWithoutBias(bottleneck)
        .norm()
        .relu()
        .linear(width)
        .build(manager);
  }

  /** [N, in] to [N, out], or [N, L, in] to [N, L, out]. */
  public NDArray apply(ParameterStore store, NDArray rows) {
    return apply(store, rows, true);
  }

  private NDArray apply(ParameterStore store, NDArray rows, boolean training) {
    Shape shape = rows.getShape();
    long width = shape.get(shape.dimension() - 1);
    NDArray out = TransformerLayer.apply(block, store, rows.reshape(-1, width), training);
    return shape.dimension() == 2 ? out : out.reshape(shape.get(0), shape.get(1), -1);
  }

  /**
   * Applies the head as {@link #apply} does, but in inference mode, by the running statistics: N
   * rows of out.
   */
  public float[][] infer(ParameterStore store, NDArray rows) {
    NDArray out = apply(store, rows, false);
    return Batches.rows(out).toArray(float[][]::new);
  }

  public List<Weight> weights(String prefix) {
    return Weight.of(prefix, block);
  }

  public Map<String, NDArray> state(String prefix) {
    return Weight.stateOf(prefix, block);
  }

  /**
   * Writes a projector of {@link #byol} as an ONNX graph, by its running statistics.
   *
   * @param file receives {@link ProjectorGraph}'s file
   */
  public void writeByol(Path file) {
    List<NDArray> arrays =
        block.getParameters().values().stream().map(Parameter::getArray).toList();
    Map<String, float[]> weights = new LinkedHashMap<>();
    for (int i = 0; i < BYOL_NAMES.size(); i++) {
      weights.put(BYOL_NAMES.get(i), arrays.get(i).toFloatArray());
    }
    Shape first = arrays.get(0).getShape(); // [hidden, D]
    Shape last = arrays.get(arrays.size() - 1).getShape(); // [d, hidden]
    ProjectorGraph.write(
        file,
        weights,
        (int) first.get(1),
        (int) first.get(0),
        (int) last.get(0),
        HeadLayers.EPSILON);
  }

  /** Floating-point operations of one row, forward. */
  public long flops() {
    return flops;
  }

  /** Number of parameters: a frozen bias counts, statistics and absent scales do not. */
  public long parameters() {
    return block.getParameters().values().stream()
        .filter(p -> p.requiresGradient() || p.getType() == Parameter.Type.BIAS)
        .mapToLong(p -> p.getArray().size())
        .sum();
  }
}
