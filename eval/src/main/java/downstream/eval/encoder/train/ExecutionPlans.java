package downstream.eval.encoder.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.BadInput;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.operators.Operands.Phase;
import downstream.eval.torch.Precision;
import downstream.eval.train.Gradients;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The programs and plans of one encoder, made as they are asked for. */
final class ExecutionPlans {
  private final EncoderFile file;
  private final Set<String> weights;
  private final ExecutionPlan.Buffers buffers;
  private final Map<List<String>, Program> programs = new HashMap<>();
  private final Map<List<?>, ExecutionPlan> plans = new HashMap<>();

  /**
   * @param weights names of the constants that are trained
   */
  ExecutionPlans(EncoderFile file, Set<String> weights, ExecutionPlan.Buffers buffers) {
    this.file = file;
    this.weights = Set.copyOf(weights);
    this.buffers = buffers;
  }

  /**
   * The program from {@code feeds} to {@code fetches}.
   *
   * @throws BadInput as {@link Program#of} does
   */
  Program program(Set<String> feeds, List<String> fetches) {
    List<String> key = new ArrayList<>(fetches);
    feeds.stream().sorted().forEach(feed -> key.add("<" + feed));
    return programs.computeIfAbsent(
        key, missing -> Program.of(file.name(), file.graph(), weights, feeds, fetches));
  }

  /**
   * The plan for feeds of these shapes.
   *
   * @param sources fed values and weights by resolved name
   */
  ExecutionPlan get(
      Map<String, NDArray> sources,
      Map<String, NDArray> feeds,
      List<String> fetches,
      Precision precision) {
    List<Object> key = new ArrayList<>(fetches);
    new TreeMap<>(feeds).forEach((name, array) -> key.add(List.of(name, array.getShape())));
    key.add(precision);
    ExecutionPlan known = plans.get(key);
    if (known != null) {
      return known;
    }
    Program program = program(feeds.keySet(), fetches);
    ExecutionPlan plan = plan(program, precision, bakedBatch(program, sources, feeds, precision));
    plans.put(key, plan);
    return plan;
  }

  private ExecutionPlan plan(
      Program program, Precision precision, @Nullable FixedBatchAdapter baked) {
    return new ExecutionPlan(
        program, new ConstantEvaluator(file.graph()), buffers, precision, baked);
  }

  /** Runs a file that fixes its batch on that batch first, where another one is asked for. */
  private @Nullable FixedBatchAdapter bakedBatch(
      Program program,
      Map<String, NDArray> sources,
      Map<String, NDArray> feeds,
      Precision precision) {
    long fixed = file.graph().fixedBatch();
    NDArray first = feeds.values().iterator().next();
    long batch = first.getShape().get(0);
    if (fixed < 0 || fixed == batch) {
      return null;
    }
    if (batch % fixed != 0) {
      throw new BadInput(
          file.name() + ".onnx",
          "takes batches of " + fixed + " only, not of " + batch,
          "Export it with a dynamic batch, or choose a batch size that " + fixed + " divides");
    }
    ExecutionPlan reference = plan(program, precision, null);
    Gradients.doWithout(
        () -> {
          try (NDManager scope = first.getManager().newSubManager()) {
            Map<String, NDArray> rows = new HashMap<>(sources);
            feeds.forEach(
                (name, array) -> {
                  NDArray some = array.get("0:" + fixed);
                  some.attach(scope);
                  rows.put(file.graph().resolve(name), some);
                });
            reference.interpret(rows, scope, Phase.INFERENCE);
          }
        });
    return new FixedBatchAdapter(batch / fixed, reference.shapes());
  }
}
