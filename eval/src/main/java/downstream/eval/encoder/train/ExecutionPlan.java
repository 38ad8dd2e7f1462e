package downstream.eval.encoder.train;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.BadInput;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.operators.Operands;
import downstream.eval.encoder.operators.Operands.Phase;
import downstream.eval.encoder.operators.Operators;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A program for inputs of one shape. Its constants are computed as the first run comes to need
 * them, and kept.
 */
final class ExecutionPlan {
  private final Program program;
  private final ConstantEvaluator statics;
  private final Buffers buffers;
  private final @Nullable FixedBatchAdapter baked;
  private final Map<String, NDArray> constants = new HashMap<>();
  private final Map<String, long[]> shapes = new HashMap<>();
  private boolean complete;

  /** The constants that every plan of a block shares: initialisers that are not trained. */
  interface Buffers {
    /** The buffer of this name, or null if there is none. */
    @Nullable NDArray find(String name);

    /** A new array that lives as long as the block. */
    NDArray keep(TensorProto constant);

    /**
     * Tells whether a weight is not trained; a norm with such a scale keeps its statistics as well.
     */
    boolean isFrozen(String weight);
  }

  /**
   * @param baked how to run a file on another batch than it fixes, or null if it takes any
   */
  ExecutionPlan(
      Program program,
      ConstantEvaluator statics,
      Buffers buffers,
      @Nullable FixedBatchAdapter baked) {
    this.program = program;
    this.statics = statics;
    this.buffers = buffers;
    this.baked = baked;
  }

  /**
   * Runs the program.
   *
   * @param sources fed values and weights by resolved name; not closed
   * @param scope owns the results and whatever autograd does not keep
   * @return the fetched values in the program's order
   */
  List<NDArray> run(Map<String, NDArray> sources, NDManager scope, Phase phase) {
    ValueStore live = new ValueStore(sources, scope);
    if (!complete) {
      sources.forEach(this::remember);
    }
    for (int i = 0; i < program.nodes().size(); i++) {
      Node node = program.nodes().get(i);
      if (!complete || !program.probes().contains(node.output())) {
        run(node, live, phase);
      }
      program.releases().get(i).forEach(live::release);
    }
    complete = true;
    return program.fetches().stream().map(fetch -> fetched(fetch, live)).toList();
  }

  private void run(Node node, ValueStore live, Phase phase) {
    List<@Nullable NDArray> arrays = new ArrayList<>();
    List<@Nullable TensorProto> fixed = new ArrayList<>();
    for (String input : node.inputs()) {
      if (input.isEmpty()) {
        fixed.add(null);
        arrays.add(null);
      } else if (program.live().contains(input)) {
        fixed.add(null);
        arrays.add(live.get(input));
      } else {
        fixed.add(statics.get(input));
        arrays.add(constant(input));
      }
    }
    NDList results = apply(new Operands(node, arrays, fixed, phase(node, phase)));
    live.own(results, arrays);
    for (int k = 0; k < Math.min(results.size(), node.outputs().size()); k++) {
      live.put(node.outputs().get(k), results.get(k));
      if (!complete) {
        remember(node.outputs().get(k), results.get(k));
      }
    }
  }

  private Phase phase(Node node, Phase phase) {
    return phase == Phase.BATCH_STATISTICS
            && node.operator().equals("BatchNormalization")
            && buffers.isFrozen(node.inputs().get(1))
        ? Phase.FROZEN_STATISTICS
        : phase;
  }

  private NDList apply(Operands operands) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return Operators.apply(baked == null ? operands : baked.adapt(operands));
    } catch (EngineException e) {
      String shapes =
          operands.arrays().stream()
              .map(array -> array == null ? "none" : array.getShape().toString())
              .collect(Collectors.joining(", "));
      throw new BadInput(
          operands.node().toString(),
          "cannot run on inputs of shapes " + shapes + ": " + e.getMessage(),
          "Run the encoder at the size and batch that it was exported for, or export it again",
          e);
    }
  }

  private void remember(String value, NDArray array) {
    long[] shape = array.getShape().getShape();
    shapes.put(value, shape);
    statics.shape(value, shape);
  }

  /** The shapes of all live values, once the plan has run. */
  Map<String, long[]> shapes() {
    return shapes;
  }

  private NDArray constant(String name) {
    NDArray buffer = buffers.find(name);
    return buffer != null
        ? buffer
        : constants.computeIfAbsent(name, missing -> buffers.keep(statics.get(missing)));
  }

  private NDArray fetched(String name, ValueStore live) {
    return program.live().contains(name) ? live.get(name) : constant(name);
  }
}
