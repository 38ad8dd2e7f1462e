package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;
import downstream.eval.encoder.build.ProjectorGraph;
import downstream.eval.parallel.BatchNorm;
import downstream.eval.parallel.BatchNorm.BatchNormSettings;
import downstream.eval.train.optimiser.Weight;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A projector or predictor: linear layers with batch norm (eps 1e-5, decay 0.9) between them, as
 * the papers have them. [N, in] to [N, out]; batch norm always goes by the batch.
 */
public final class MlpHead {
  /** Kaiming normal, fan in, gain of a ReLU: √(2 / in) (ORL, {@code necks.py}). */
  private static final Initializer KAIMING =
      new XavierInitializer(RandomType.GAUSSIAN, FactorType.IN, 2);

  /** PyTorch's default of a linear layer: uniform in ±1 / √in. */
  private static final Initializer PYTORCH =
      new XavierInitializer(RandomType.UNIFORM, FactorType.IN, 1);

  private static final float EPSILON = 1e-5f;

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

  private MlpHead(
      SequentialBlock block, Initializer initializer, int in, long flops, NDManager manager) {
    this.block = block;
    this.flops = flops;
    block.setInitializer(initializer, Parameter.Type.WEIGHT);
    block.initialize(manager, DataType.FLOAT32, new Shape(2, in));
  }

  /**
   * BYOL's projector and predictor, ORL's too (Grill et al. 2020, section 3.2; {@code
   * networks.py}): linear with bias, batch norm, ReLU, linear without.
   *
   * @param manager owns the weights
   */
  public static MlpHead byol(int in, int hidden, int out, NDManager manager) {
    SequentialBlock block =
        new SequentialBlock()
            .add(linear(hidden, true))
            .add(norm(true))
            .add(Activation::relu)
            .add(linear(out, false));
    return new MlpHead(block, KAIMING, in, flops(in, hidden, out), manager);
  }

  /**
   * SimSiam's projector (Chen and He 2021, section 4; {@code builder.py}): three linear layers, the
   * first two without bias and followed by batch norm and ReLU, the last followed by batch norm
   * without scale and shift; its bias, which that norm undoes, is not trained.
   */
  public static MlpHead simSiamProjector(int in, int hidden, int out, NDManager manager) {
    Linear last = linear(out, true);
    SequentialBlock block =
        new SequentialBlock()
            .add(linear(hidden, false))
            .add(norm(true))
            .add(Activation::relu)
            .add(linear(hidden, false))
            .add(norm(true))
            .add(Activation::relu)
            .add(last)
            .add(norm(false));
    MlpHead head = new MlpHead(block, PYTORCH, in, flops(in, hidden, hidden, out), manager);
    last.getDirectParameters().get("bias").freeze(true);
    return head;
  }

  /** SimSiam's predictor: linear without bias, batch norm, ReLU, linear with bias. */
  public static MlpHead simSiamPredictor(int width, int bottleneck, NDManager manager) {
    SequentialBlock block =
        new SequentialBlock()
            .add(linear(bottleneck, false))
            .add(norm(true))
            .add(Activation::relu)
            .add(linear(width, true));
    return new MlpHead(block, PYTORCH, width, flops(width, bottleneck, width), manager);
  }

  private static Linear linear(int units, boolean bias) {
    return Linear.builder().setUnits(units).optBias(bias).build();
  }

  private static Block norm(boolean affine) {
    return new BatchNorm(new BatchNormSettings(EPSILON, .9f, affine));
  }

  private static long flops(int... widths) {
    long sum = 0;
    for (int i = 1; i < widths.length; i++) {
      sum += LayerFlops.product(1, widths[i - 1], widths[i]);
    }
    return sum;
  }

  /** [N, in] to [N, out]. */
  public NDArray apply(ParameterStore store, NDArray rows) {
    return TransformerLayer.apply(block, store, rows, true);
  }

  /**
   * Applies the head as {@link #apply} does, but in inference mode, by the running statistics: N
   * rows of out.
   */
  public float[][] infer(ParameterStore store, NDArray rows) {
    NDArray out = TransformerLayer.apply(block, store, rows, false);
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
        file, weights, (int) first.get(1), (int) first.get(0), (int) last.get(0), EPSILON);
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
