package downstream.eval.encoder.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.FineTuningSettings;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.operators.Operands.Phase;
import downstream.eval.encoder.operators.Tensors;
import downstream.eval.torch.Autocast;
import downstream.eval.torch.Precision;
import downstream.eval.train.optimiser.Weight;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An encoder that is trained: a DJL block whose parameters are the graph's weights. It runs the
 * graph's nodes in order on the PyTorch engine, so autograd works, and can feed and fetch any named
 * value.
 *
 * <p>Only weights that the spec's levels depend on are parameters (of a file without a spec, those
 * that its outputs depend on): a classifier behind the levels is cut off, its weights stay as they
 * are. Running statistics of BatchNormalization are parameters that are not trained.
 */
public final class TrainableEncoder extends AbstractBlock {
  private static final byte VERSION = 1;

  private final EncoderFile file;
  private final NDManager manager;
  private final FineTuningSettings tuning;
  private final Precision precision;
  private final List<String> values;
  private final Map<String, Double> rates = new HashMap<>();
  private final Map<String, Parameter> weights = new LinkedHashMap<>();
  private final Map<String, NDArray> buffers = new HashMap<>();
  private final ExecutionPlans plans;

  /** Creates a block whose weights are all trained and whose statistics are frozen. */
  public TrainableEncoder(EncoderFile file, NDManager manager) {
    this(file, manager, FineTuningSettings.WHOLE);
  }

  /**
   * @param manager owns the weights; they live until it is closed, on its device
   * @throws BadInput if the graph has operators that cannot be trained, all named at once, or
   *     weights in half precision
   */
  public TrainableEncoder(EncoderFile file, NDManager manager, FineTuningSettings tuning) {
    this(file, file.levelValues(), manager, tuning, Precision.FLOAT32);
  }

  /**
   * @param values that a head reads, in place of all levels
   */
  public TrainableEncoder(
      EncoderFile file,
      List<String> values,
      NDManager manager,
      FineTuningSettings tuning,
      Precision precision) {
    super(VERSION);
    this.file = file;
    this.values = List.copyOf(values);
    this.manager = manager;
    this.tuning = tuning;
    this.precision = precision;
    checkFloat32(file);
    Autocast.enforce();
    for (String name : file.weightsBehind(values)) {
      weights.put(name, addParameter(parameter(name, Parameter.Type.OTHER)));
    }
    plans = new ExecutionPlans(file, weights.keySet(), new BlockBuffers());
    addStatistics(plans.program(Set.of(file.graph().input().getName()), values));
    if (!tuning.equals(FineTuningSettings.WHOLE)) {
      tune(new LayerGroups(file, values));
    }
  }

  private static void checkFloat32(EncoderFile file) {
    for (TensorProto tensor : file.graph().constants().values()) {
      int type = tensor.getDataType();
      if (type == TensorProto.DataType.FLOAT16_VALUE
          || type == TensorProto.DataType.BFLOAT16_VALUE) {
        throw new BadInput(
            file.name() + ".onnx",
            "tensor '" + tensor.getName() + "' is of " + TensorProto.DataType.forNumber(type),
            "Export the encoder in float32");
      }
    }
  }

  private void tune(LayerGroups layers) {
    layers.rates(tuning.layerDecay()).forEach(rates::put);
    if (tuning.frozenStages() == 0) {
      return;
    }
    Map<String, Integer> stages = layers.stageOfWeight();
    weights.forEach(
        (name, parameter) ->
            parameter.freeze(stages.getOrDefault(name, 0) < tuning.frozenStages()));
    if (weights.values().stream().noneMatch(Parameter::requiresGradient)) {
      throw new BadInput(
          "freeze",
          tuning.frozenStages()
              + " leaves nothing to train: "
              + file.name()
              + " has "
              + (1 + stages.values().stream().mapToInt(stage -> stage).max().orElse(-1))
              + " stages",
          "Set encoder.frozenStages to fewer, or encoder.mode=frozen");
    }
  }

  /**
   * Returns the weights that a head trains together with its own: every weight that is not frozen,
   * at the rate of its layer.
   *
   * @param prefix of their names, followed by a dot
   * @param rateScale multiplies every rate
   */
  public List<Weight> trained(String prefix, double rateScale) {
    return Weight.of(prefix, this).stream()
        .map(
            weight -> {
              String name = weight.name().substring(prefix.length() + 1);
              double scale = rateScale * rates.getOrDefault(name, 1.0);
              return new Weight(
                  weight.name(), weight.array(), weight.decay(), scale, weight.scheduled());
            })
        .toList();
  }

  /** Running mean and variance of every BatchNormalization, each its own buffer. */
  private void addStatistics(Program program) {
    for (Node node : program.nodes()) {
      if (node.operator().equals("BatchNormalization")) {
        addStatistic(node.inputs().get(3), Parameter.Type.RUNNING_MEAN);
        addStatistic(node.inputs().get(4), Parameter.Type.RUNNING_VAR);
      }
    }
  }

  private void addStatistic(String name, Parameter.Type kind) {
    if (!buffers.containsKey(name)) {
      buffers.put(name, addParameter(parameter(name, kind)).getArray());
    }
  }

  private Parameter parameter(String name, Parameter.Type kind) {
    Parameter parameter =
        Parameter.builder()
            .setName(name)
            .setType(kind)
            .optRequiresGrad(kind == Parameter.Type.OTHER)
            .build();
    TensorProto tensor = Objects.requireNonNull(file.graph().constants().get(name));
    parameter.setArray(Tensors.array(tensor, manager, precision.arrays()));
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
   * @param training whether Dropout and BatchNormalization behave as in training
   * @return the fetched values by name, in order; they belong to the manager of the first feed
   * @throws BadInput if a fetched value does not exist, or depends on a value that is not fed
   */
  public Map<String, NDArray> run(
      ParameterStore store, Map<String, NDArray> feeds, List<String> fetches, boolean training) {
    Map<String, NDArray> sources = sources(store, feeds, training);
    NDManager scope = feeds.values().iterator().next().getManager();
    return named(
        fetches,
        plans.get(sources, feeds, fetches, precision()).run(sources, scope, phase(training)));
  }

  /**
   * Runs as {@link #run}, node by node in the precision of the weights: what the single call is
   * compared with.
   */
  public Map<String, NDArray> runNodeByNode(
      ParameterStore store, Map<String, NDArray> feeds, List<String> fetches, boolean training) {
    Map<String, NDArray> sources = sources(store, feeds, training);
    NDManager scope = feeds.values().iterator().next().getManager();
    return named(
        fetches,
        plans.get(sources, feeds, fetches, precision()).interpret(sources, scope, phase(training)));
  }

  /** The precision that was asked for here, or else that of the thread. */
  private Precision precision() {
    return precision == Precision.FLOAT32 ? Autocast.current() : precision;
  }

  /** Weights and fed values by resolved name. */
  private Map<String, NDArray> sources(
      ParameterStore store, Map<String, NDArray> feeds, boolean training) {
    NDArray first = feeds.values().iterator().next();
    Map<String, NDArray> sources = new HashMap<>();
    weights.forEach(
        (name, parameter) ->
            sources.put(name, store.getValue(parameter, first.getDevice(), training)));
    feeds.forEach((name, array) -> sources.put(file.graph().resolve(name), array));
    return sources;
  }

  private static Map<String, NDArray> named(List<String> fetches, List<NDArray> results) {
    Map<String, NDArray> named = new LinkedHashMap<>();
    for (int i = 0; i < fetches.size(); i++) {
      named.put(fetches.get(i), results.get(i));
    }
    return named;
  }

  private Phase phase(boolean training) {
    if (!training) {
      return Phase.INFERENCE;
    }
    return tuning.batchStatistics() ? Phase.BATCH_STATISTICS : Phase.FROZEN_STATISTICS;
  }

  /** Runs as {@link #run}, for a single value. */
  public NDArray fetch(
      ParameterStore store, Map<String, NDArray> feeds, String value, boolean training) {
    return Objects.requireNonNull(run(store, feeds, List.of(value), training).get(value));
  }

  /** Number of nodes that run in every step, from the images to the levels. */
  public int nodesPerStep() {
    return plans.program(Set.of(file.graph().input().getName()), values).size();
  }

  /** The same graph with the weights as they are now, and where they came from. */
  public EncoderFile export(String name, ObjectNode provenance) {
    Map<String, float[]> values =
        getParameters().values().stream()
            .collect(
                Collectors.toMap(
                    Parameter::getName,
                    parameter -> parameter.getArray().toFloatArray(),
                    (a, b) -> b,
                    LinkedHashMap::new));
    return file.withWeights(values, provenance).named(name);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    Map<String, NDArray> images = Map.of(file.graph().input().getName(), inputs.singletonOrThrow());
    Map<String, NDArray> found = run(store, images, values, training);
    return new NDList(values.stream().map(found::get).toArray(NDArray[]::new));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    long batch = inputShapes[0].get(0);
    return spec().levels().stream()
        .filter(level -> values.contains(level.value()))
        .map(level -> level.shape(batch, spec().imageSize()))
        .toArray(Shape[]::new);
  }

  /** Buffers that this block keeps for its plans. */
  private final class BlockBuffers implements ExecutionPlan.Buffers {
    @Override
    public @Nullable NDArray find(String name) {
      TensorProto tensor = file.graph().constants().get(name);
      return tensor == null ? null : buffers.computeIfAbsent(name, missing -> keep(tensor));
    }

    @Override
    public NDArray keep(TensorProto constant) {
      return Tensors.array(constant, manager, precision.arrays());
    }

    @Override
    public NDManager manager() {
      return manager;
    }

    @Override
    public boolean isFrozen(String name) {
      Parameter weight = weights.get(name);
      return weight == null || !weight.requiresGradient();
    }
  }
}
