package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.Device;
import downstream.eval.encoder.operators.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A network written once more in DJL's own blocks, as one would who had no graph to run: what
 * {@code TrainableEncoder} is measured against. Its layers carry the names that they have in the
 * graph, so that it can be given the same weights.
 */
abstract class HandWritten extends AbstractBlock {
  /** The names that DJL and the graph have for a layer's parameters. */
  private static final Map<String, String> NAMES =
      Map.of(
          "weight", "weight",
          "bias", "bias",
          "gamma", "weight",
          "beta", "bias",
          "runningMean", "running_mean",
          "runningVar", "running_var");

  private final Map<String, Block> layers = new LinkedHashMap<>();
  private final Map<String, Shape> inputs = new LinkedHashMap<>();

  /**
   * @param input shape that the layer gets, for a batch of 1
   */
  final void layer(String name, Block block, long... input) {
    layers.put(name, addChildBlock(name, block));
    inputs.put(name, new Shape(input));
  }

  /** Runs one layer. */
  final NDArray run(String name, NDArray x, ParameterStore store, boolean training) {
    return Objects.requireNonNull(layers.get(name))
        .forward(store, new NDList(x), training)
        .singletonOrThrow();
  }

  /** Takes over the weights and statistics of a graph. */
  final void load(EncoderFile file) {
    Map<String, TensorProto> tensors = new LinkedHashMap<>();
    file.model().getGraph().getInitializerList().forEach(t -> tensors.put(t.getName(), t));
    layers.forEach(
        (name, layer) ->
            layer
                .getDirectParameters()
                .forEach(
                    pair ->
                        fill(
                            pair.getValue(),
                            Objects.requireNonNull(
                                tensors.get(name + "." + NAMES.get(pair.getKey())),
                                name + "." + pair.getKey()))));
  }

  /** A linear layer of DJL keeps its matrix as [out, in], a MatMul of the graph as [in, out]. */
  private static void fill(Parameter parameter, TensorProto tensor) {
    NDArray array = parameter.getArray();
    boolean matrix = tensor.getDimsCount() == 2;
    try (NDManager scope = array.getManager().newSubManager()) {
      NDArray values = scope.create(Tensors.floats(tensor), new Shape(Tensors.shape(tensor)));
      NDArray turned = matrix ? values.transpose() : values;
      boolean trained = array.hasGradient();
      array.setRequiresGradient(false);
      array.set(turned.toFloatArray());
      array.setRequiresGradient(trained);
    }
  }

  @Override
  protected final NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    return new NDList(forward(inputs.singletonOrThrow(), store, training));
  }

  /** [N, 3, H, W] → the values of the feature levels. */
  abstract List<NDArray> forward(NDArray images, ParameterStore store, boolean training);

  @Override
  protected final void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    layers.forEach((name, layer) -> layer.initialize(manager, type, inputs.get(name)));
  }

  /** Seen by running images of zeros through the network. */
  @Override
  public final Shape[] getOutputShapes(Shape[] shapes) {
    try (NDManager scope = Device.CPU.newManager()) {
      return forward(scope.zeros(shapes[0]), new ParameterStore(scope, false), false).stream()
          .map(NDArray::getShape)
          .toArray(Shape[]::new);
    }
  }
}
