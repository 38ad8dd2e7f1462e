package downstream.eval.encoder.train;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.BadInput;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.operators.NodeRunner;
import downstream.eval.encoder.operators.Operands;
import downstream.eval.encoder.operators.Operands.Phase;
import downstream.eval.encoder.operators.Operators;
import downstream.eval.encoder.operators.ScriptWriter;
import downstream.eval.encoder.operators.Tensors;
import downstream.eval.encoder.operators.Value;
import downstream.eval.parallel.BatchShare;
import downstream.eval.parallel.BatchStatistics;
import downstream.eval.torch.Bfloat16;
import downstream.eval.torch.Precision;
import downstream.eval.torch.ScriptType;
import downstream.eval.torch.TorchScript;
import downstream.eval.train.Gradients;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A program for inputs of one shape. Before its first run the nodes run one by one, without
 * gradients, to learn the shape of every value and the constants that follow from them; from then
 * on the whole program is one call of a {@link TorchScript}. Where replicas have shares of a batch
 * and its statistics matter, the nodes run one by one: each batch norm is an exchange of the
 * replicas.
 */
final class ExecutionPlan {
  private final Program program;
  private final ConstantEvaluator statics;
  private final Buffers buffers;
  private final Precision precision;
  private final @Nullable FixedBatchAdapter baked;
  private final Map<String, NDArray> constants = new HashMap<>();
  private final Map<String, Shape> shapes = new HashMap<>();
  private final Map<Phase, CompiledProgram> compiled = new EnumMap<>(Phase.class);
  private final BatchStatistics statistics = new BatchStatistics();
  private @Nullable NodeRunner shared;
  private boolean complete;

  /** The constants that every plan of a block shares: initialisers that are not trained. */
  interface Buffers {
    /** The buffer of this name, or null if there is none. */
    @Nullable NDArray find(String name);

    /** A new array that lives as long as the block. */
    NDArray keep(TensorProto constant);

    /** The manager that everything kept belongs to. */
    NDManager manager();

    /**
     * Tells whether a weight is not trained; a norm with such a scale keeps its statistics as well.
     */
    boolean isFrozen(String weight);
  }

  /**
   * A script and the arrays that it is called with.
   *
   * @param script returns the fetched values
   * @param arguments names of its arguments
   * @param made constants that operators made, by the name of their argument
   */
  private record CompiledProgram(
      TorchScript script, List<String> arguments, Map<String, NDArray> made) {}

  /**
   * @param baked how to run a file on another batch than it fixes, or null if it takes any
   */
  ExecutionPlan(
      Program program,
      ConstantEvaluator statics,
      Buffers buffers,
      Precision precision,
      @Nullable FixedBatchAdapter baked) {
    this.program = program;
    this.statics = statics;
    this.buffers = buffers;
    this.precision = precision;
    this.baked = baked;
  }

  /**
   * Runs the program as one call.
   *
   * @param sources fed values and weights by resolved name; not closed
   * @param scope owns the results and whatever autograd does not keep
   * @return the fetched values in the program's order
   */
  List<NDArray> run(Map<String, NDArray> sources, NDManager scope, Phase phase) {
    if (!complete) {
      Gradients.doWithout(
          () -> {
            try (NDManager learning = scope.newSubManager()) {
              interpret(sources, learning, Phase.INFERENCE);
            }
          });
    }
    if (!BatchShare.current().isWhole()
        && program.nodes().stream().anyMatch(node -> dependsOnBatch(node, phase))) {
      if (shared == null) {
        shared = new NodeRunner(buffers.manager(), precision.arrays(), products());
      }
      return interpret(sources, scope, phase, shared);
    }
    CompiledProgram ready = compiled.computeIfAbsent(phase, this::compile);
    List<NDArray> arguments = new ArrayList<>();
    for (String name : ready.arguments()) {
      NDArray source = sources.get(name);
      NDArray known = source == null ? ready.made().get(name) : source;
      arguments.add(known == null ? constant(name) : known);
    }
    return ready.script().call(scope, arguments);
  }

  /** Tells whether a node's results depend on all examples of a batch, or on what it draws. */
  private boolean dependsOnBatch(Node node, Phase phase) {
    return phase != Phase.INFERENCE
        && (node.operator().equals("Dropout") || usesBatchStatistics(node, phase));
  }

  private boolean usesBatchStatistics(Node node, Phase phase) {
    return node.operator().equals("BatchNormalization")
        && phase(node, phase) == Phase.BATCH_STATISTICS;
  }

  private CompiledProgram compile(Phase phase) {
    ScriptWriter writer = new ScriptWriter(products());
    Map<String, Value> values = new HashMap<>();
    Function<String, Value> live =
        name ->
            values.computeIfAbsent(
                name,
                source ->
                    new Value(
                        () -> writer.argument(source),
                        shape(source),
                        ScriptType.of(precision.arrays()),
                        null));
    for (Node node : program.nodes()) {
      if (!program.probes().contains(node.output())) {
        List<Operators.Output> outputs = write(node, live, phase, writer);
        for (int k = 0; k < Math.min(outputs.size(), node.outputs().size()); k++) {
          String name = node.outputs().get(k);
          if (!name.isEmpty()) {
            Operators.Output output = outputs.get(k);
            values.put(name, Value.variable(output.variable(), shape(name), output.type()));
          }
        }
      }
    }
    List<String> results =
        program.fetches().stream()
            .map(fetch -> isLive(fetch) ? live.apply(fetch).code() : writer.argument(fetch))
            .toList();
    Map<String, NDArray> made = new HashMap<>();
    writer.made().forEach((name, tensor) -> made.put(name, buffers.keep(tensor)));
    NDManager manager = buffers.manager();
    return new CompiledProgram(
        TorchScript.of(manager, List.of(ScriptWriter.ARGUMENTS), writer.lines(), results),
        List.copyOf(writer.arguments()),
        made);
  }

  private ScriptWriter.Products products() {
    if (precision != Precision.BFLOAT16) {
      return ScriptWriter.Products.PLAIN;
    }
    return Bfloat16.isFast(buffers.manager())
        ? ScriptWriter.Products.BFLOAT16
        : ScriptWriter.Products.ROUNDED;
  }

  private boolean isLive(String name) {
    return program.live().contains(name);
  }

  private Shape shape(String value) {
    return Objects.requireNonNull(shapes.get(value), value);
  }

  private List<Operators.Output> write(
      Node node, Function<String, Value> live, Phase phase, ScriptWriter writer) {
    List<@Nullable Value> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      if (input.isEmpty()) {
        inputs.add(null);
      } else if (isLive(input)) {
        inputs.add(live.apply(input));
      } else {
        inputs.add(constant(input, writer));
      }
    }
    Operands operands = new Operands(node, inputs, phase(node, phase), precision, writer);
    return Operators.write(baked == null ? operands : baked.adapt(operands));
  }

  private Value constant(String name, ScriptWriter writer) {
    TensorProto tensor = statics.get(name);
    return new Value(
        () -> writer.argument(name),
        new Shape(Tensors.shape(tensor)),
        Tensors.scriptType(tensor, precision),
        tensor);
  }

  private Phase phase(Node node, Phase phase) {
    return phase == Phase.BATCH_STATISTICS
            && node.operator().equals("BatchNormalization")
            && buffers.isFrozen(node.inputs().get(1))
        ? Phase.FROZEN_STATISTICS
        : phase;
  }

  /**
   * Runs the program node by node, in the precision of its arrays: what {@link #run} is tested
   * against, and how it learns shapes.
   *
   * @param sources as in {@link #run}
   * @param scope owns the results and whatever autograd does not keep
   * @return the fetched values in the program's order
   */
  List<NDArray> interpret(Map<String, NDArray> sources, NDManager scope, Phase phase) {
    try (NodeRunner runner =
        new NodeRunner(scope, precision.arrays(), ScriptWriter.Products.PLAIN)) {
      return interpret(sources, scope, phase, runner);
    }
  }

  private List<NDArray> interpret(
      Map<String, NDArray> sources, NDManager scope, Phase phase, NodeRunner runner) {
    ValueStore live = new ValueStore(sources);
    if (!complete) {
      sources.forEach(this::remember);
    }
    for (int i = 0; i < program.nodes().size(); i++) {
      Node node = program.nodes().get(i);
      if (!complete || !program.probes().contains(node.output())) {
        interpret(node, live, runner, scope, phase);
      }
      program.releases().get(i).forEach(live::release);
    }
    complete = true;
    return program.fetches().stream().map(fetch -> array(fetch, live)).toList();
  }

  private void interpret(
      Node node, ValueStore live, NodeRunner runner, NDManager scope, Phase phase) {
    if (!BatchShare.current().isWhole() && usesBatchStatistics(node, phase)) {
      NDArray normalised = normalised(node, live);
      live.own(List.of(normalised));
      live.put(node.output(), normalised);
      return;
    }
    ScriptWriter writer = runner.newWriter();
    Function<String, Value> values =
        name -> {
          NDArray array = live.get(name);
          ScriptType type = ScriptType.of(array.getDataType());
          return new Value(() -> writer.argument(name), array.getShape(), type, null);
        };
    List<Operators.Output> written = write(node, values, phase, writer);
    checkDrawsNothing(node, writer);
    Function<String, NDArray> named = name -> array(name, live);
    List<NDArray> outputs;
    try {
      outputs = runner.run(writer, written, named, scope);
    } catch (EngineException e) {
      throw notRunnable(node, writer.arguments().stream().map(named).toList(), e);
    }
    live.own(outputs);
    for (int k = 0; k < Math.min(outputs.size(), node.outputs().size()); k++) {
      live.put(node.outputs().get(k), outputs.get(k));
      if (!complete) {
        remember(node.outputs().get(k), outputs.get(k));
      }
    }
  }

  /** A batch norm by the statistics of the batch that replicas share, as ONNX defines it. */
  private NDArray normalised(Node node, ValueStore live) {
    List<NDArray> arrays = node.inputs().stream().map(input -> array(input, live)).toList();
    double epsilon = node.number("epsilon", 1e-5f);
    double momentum = node.number("momentum", 0.9f);
    return statistics.normalise(
        arrays.get(0),
        arrays.subList(1, arrays.size()),
        new BatchStatistics.Numbers(epsilon, momentum, false));
  }

  private static void checkDrawsNothing(Node node, ScriptWriter writer) {
    if (!BatchShare.current().isWhole() && writer.drawsAtRandom()) {
      throw new BadInput(
          node.toString(),
          "is a dropout in training form, whose draws would depend on the number of devices",
          "Train on one device, or export the encoder in inference form");
    }
  }

  private static BadInput notRunnable(Node node, List<NDArray> arguments, EngineException e) {
    String shapes =
        arguments.stream()
            .map(array -> array.getShape().toString())
            .collect(Collectors.joining(", "));
    return new BadInput(
        node.toString(),
        "cannot run on inputs of shapes " + shapes + ": " + e.getMessage(),
        "Run the encoder at the size and batch that it was exported for, or export it again",
        e);
  }

  private void remember(String value, NDArray array) {
    Shape shape = array.getShape();
    shapes.put(value, shape);
    statics.shape(value, shape.getShape());
  }

  /** The shapes of all live values, once the plan has run. */
  Map<String, Shape> shapes() {
    return shapes;
  }

  private NDArray constant(String name) {
    NDArray known = constants.get(name);
    if (known == null) {
      known = buffers.find(name);
    }
    return known != null
        ? known
        : constants.computeIfAbsent(name, missing -> buffers.keep(statics.get(missing)));
  }

  private NDArray array(String name, ValueStore live) {
    return isLive(name) ? live.get(name) : constant(name);
  }
}
