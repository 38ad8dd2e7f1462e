package downstream.eval.train.optimiser;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.torch.ScriptType;
import downstream.eval.torch.TorchScript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * An {@link Optimiser} at work on lists of arrays: clipping, update and zeroing of all gradients in
 * one call of the engine.
 */
final class ListUpdate implements OptimiserState {
  /** Places of the numbers that change from step to step. */
  private static final int STEP = 0;

  private static final int DECAY = 1;
  private static final int RATES = 2;

  private final Optimiser optimiser;
  private final Clipping clipping;
  private final UpdateRule rule;
  private final List<Weight> weights;
  private final List<WeightGroup> groups;
  private final NDManager host;
  private final Map<String, NDArray> kept = new LinkedHashMap<>();
  private final TorchScript script;

  /**
   * @param manager owns what is kept
   */
  ListUpdate(Optimiser optimiser, Clipping clipping, List<Weight> weights, NDManager manager) {
    this.optimiser = optimiser;
    this.clipping = clipping;
    rule = UpdateRule.of(optimiser);
    this.weights = List.copyOf(weights);
    groups = WeightGroup.of(weights);
    host = manager.newSubManager(Device.cpu());
    for (Weight weight : weights) {
      NDArray array = weight.array();
      for (String name : rule.kept()) {
        kept.put(key(name, weight), manager.zeros(array.getShape(), array.getDataType()));
      }
    }
    script = TorchScript.of(manager, lists(), body(manager), List.of("norms"));
  }

  private static String key(String name, Weight weight) {
    return name + "." + weight.name();
  }

  private List<String> lists() {
    List<String> lists = new ArrayList<>(List.of("numbers"));
    for (WeightGroup group : groups) {
      lists.add(group.list("weights"));
      lists.add(group.list("gradients"));
      rule.kept().forEach(name -> lists.add(group.list(name)));
    }
    return lists;
  }

  private List<String> body(NDManager manager) {
    Norms norms = new Norms(manager.getDevice().isGpu());
    List<String> body = new ArrayList<>();
    body.add("each = " + norms.of(gradients(), weights));
    body.add("all = torch.linalg_vector_norm(each)");
    body.add("norms = torch.cat([torch.reshape(all, [1]), each])");
    body.add(
        "step = torch.full_like(all, "
            + number(STEP)
            + ", dtype="
            + ScriptType.FLOAT32.number()
            + ")");
    body.add("decay = " + number(DECAY));
    body.addAll(clipped());
    for (WeightGroup group : groups) {
      body.add("rate = " + number(RATES + group.number()));
      body.addAll(rule.lines(group, norms));
      body.add("ops.aten._foreach_zero_(" + group.list("gradients") + ")");
    }
    return body;
  }

  /** Clips each gradient, or says in {@code shrink} what all are to be divided by. */
  private List<String> clipped() {
    if (clipping.norm() == 0) {
      return List.of("shrink = torch.ones_like(step)");
    }
    if (!clipping.perArray()) {
      return List.of("shrink = " + excess("all"));
    }
    List<String> lines = new ArrayList<>(List.of("excess = " + excess("each")));
    for (WeightGroup group : groups) {
      String own =
          group.indices().stream()
              .map(index -> "excess[" + index + "]")
              .collect(Collectors.joining(", ", "[", "]"));
      lines.add("ops.aten._foreach_div_(" + group.list("gradients") + ", " + own + ")");
    }
    lines.add("shrink = torch.ones_like(step)");
    return lines;
  }

  /** Returns an expression: norms as multiples of the largest that is left, at least 1. */
  private String excess(String norms) {
    return ScriptType.FLOAT32.convert(
        "torch.clamp(torch.div(" + norms + ", " + clipping.norm() + "), 1)");
  }

  /** Returns all gradients as the script names them, in the order of the weights. */
  private List<String> gradients() {
    String[] gradients = new String[weights.size()];
    for (WeightGroup group : groups) {
      List<String> arrays = group.arrays("gradients");
      for (int place = 0; place < arrays.size(); place++) {
        gradients[group.indices().get(place)] = arrays.get(place);
      }
    }
    return Arrays.asList(gradients);
  }

  private static String number(int index) {
    return "float(torch.item(torch.select(numbers[0], 0, " + index + ")))";
  }

  @Override
  public Map<String, NDArray> kept() {
    return kept;
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of lists cannot be typed
  public NDArray apply(
      int step,
      List<NDArray> gradients,
      double scheduledRate,
      double weightDecay,
      NDManager scope) {
    double[] numbers = new double[RATES + groups.size()];
    numbers[STEP] = step + 1;
    numbers[DECAY] = weightDecay;
    for (WeightGroup group : groups) {
      numbers[RATES + group.number()] = group.rate(scheduledRate, optimiser.learningRate());
    }
    try (NDArray onHost = host.create(numbers)) {
      List<List<NDArray>> arguments = new ArrayList<>(List.of(List.of(onHost)));
      for (WeightGroup group : groups) {
        arguments.add(group.weights().stream().map(Weight::array).toList());
        arguments.add(group.select(gradients));
        rule.kept().forEach(name -> arguments.add(kept(name, group)));
      }
      List<NDArray>[] lists = arguments.toArray(new List[0]);
      return script.call(scope, lists).get(0);
    }
  }

  private List<NDArray> kept(String name, WeightGroup group) {
    return group.weights().stream()
        .map(weight -> Objects.requireNonNull(kept.get(key(name, weight))))
        .toList();
  }
}
