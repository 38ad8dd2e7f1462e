package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An encoder that is trained: a DJL block whose parameters are the graph's weights. It runs the
 * graph's nodes in order on the PyTorch engine, so autograd works, and can feed and fetch any named
 * value.
 */
public final class EncoderBlock extends AbstractBlock {
  private static final byte VERSION = 1;

  private final EncoderFile file;
  private final List<Node> nodes;
  private final Map<String, Parameter> weights = new LinkedHashMap<>();
  private final Map<String, NDArray> buffers = new HashMap<>();
  private final Map<String, long[]> integers = new HashMap<>();
  private final Map<String, Float> scalars = new HashMap<>();
  private final Map<List<String>, Program> programs = new HashMap<>();

  /**
   * @param manager owns the weights; they live until it is closed
   * @throws BadInput if the graph has operators that cannot be trained, all named at once
   */
  public EncoderBlock(EncoderFile file, NDManager manager) {
    super(VERSION);
    this.file = file;
    GraphProto graph = file.model().getGraph();
    nodes = graph.getNodeList().stream().map(Node::of).toList();
    Operators.check(file.name(), nodes);
    Set<String> trained = Weights.names(file).keySet();
    for (TensorProto tensor : graph.getInitializerList()) {
      load(tensor, trained.contains(tensor.getName()), manager);
    }
  }

  private void load(TensorProto tensor, boolean trained, NDManager manager) {
    String name = tensor.getName();
    switch (tensor.getDataType()) {
      case TensorProto.DataType.INT64_VALUE -> integers.put(name, Tensors.integers(tensor));
      case TensorProto.DataType.FLOAT_VALUE -> {
        float[] values = Tensors.floats(tensor);
        NDArray array = manager.create(values, new Shape(Tensors.shape(tensor)));
        if (values.length == 1) {
          scalars.put(name, values[0]);
        }
        if (trained) {
          weights.put(name, addParameter(parameter(name, array)));
        } else {
          buffers.put(name, array);
        }
      }
      default ->
          throw new BadInput(
              file.name() + ".onnx",
              "initialiser '" + name + "' has ONNX data type " + tensor.getDataType(),
              "Export the encoder in float32");
    }
  }

  private static Parameter parameter(String name, NDArray array) {
    Parameter parameter = Parameter.builder().setName(name).setType(Parameter.Type.OTHER).build();
    parameter.setArray(array);
    return parameter;
  }

  /** The spec of the encoder. */
  public EncoderSpec spec() {
    return file.spec();
  }

  /**
   * Runs the part of the graph that leads from {@code feeds} to {@code fetches}.
   *
   * @param feeds float32 values by name; at least one
   * @param fetches names of values of the graph
   * @return the fetched values by name, in order; they belong to the manager of the first feed
   * @throws BadInput if a fetched value does not exist, or depends on a value that is not fed
   */
  public Map<String, NDArray> run(
      ParameterStore store, Map<String, NDArray> feeds, List<String> fetches, boolean training) {
    NDArray first = feeds.values().iterator().next();
    Map<String, NDArray> constants = new HashMap<>(buffers);
    weights.forEach(
        (name, parameter) ->
            constants.put(name, store.getValue(parameter, first.getDevice(), training)));
    List<String> key = new ArrayList<>(fetches);
    feeds.keySet().stream().sorted().forEach(feed -> key.add("<" + feed));
    Program program =
        programs.computeIfAbsent(
            key, ignored -> Program.of(nodes, initializers(), scalars, feeds.keySet(), fetches));
    return program.run(constants, integers, feeds, first.getManager());
  }

  /** As {@link #run}, for a single value. */
  public NDArray fetch(
      ParameterStore store, Map<String, NDArray> feeds, String value, boolean training) {
    return Objects.requireNonNull(run(store, feeds, List.of(value), training).get(value));
  }

  private Set<String> initializers() {
    Set<String> names = new HashSet<>(buffers.keySet());
    names.addAll(weights.keySet());
    names.addAll(integers.keySet());
    return names;
  }

  /** The same graph with the weights as they are now, and where they came from. */
  public EncoderFile export(String name, ObjectNode provenance) {
    Map<String, float[]> values = new HashMap<>();
    weights.forEach((weight, parameter) -> values.put(weight, parameter.getArray().toFloatArray()));
    return file.withWeights(values, provenance).named(name);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    List<String> levels = spec().levels().stream().map(FeatureLevel::value).toList();
    Map<String, NDArray> values =
        run(store, Map.of(spec().input(), inputs.singletonOrThrow()), levels, training);
    return new NDList(levels.stream().map(values::get).toArray(NDArray[]::new));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    long batch = inputShapes[0].get(0);
    return spec().levels().stream()
        .map(
            level -> {
              long side = spec().imageSize() / level.stride();
              return level.layout() == FeatureLevel.Layout.TOKENS
                  ? new Shape(batch, side * side, level.channels())
                  : new Shape(batch, level.channels(), side, side);
            })
        .toArray(Shape[]::new);
  }
}
