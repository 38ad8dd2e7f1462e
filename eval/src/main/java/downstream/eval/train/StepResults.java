package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.torch.DeviceReads;
import downstream.eval.torch.ScriptType;
import downstream.eval.torch.TorchScript;
import downstream.eval.train.optimiser.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Results of steps, kept on the device until they are read back, those of several steps in one go.
 */
final class StepResults<E> {
  private final TrainingPlan plan;
  private final Objective<E> objective;
  private final List<Weight> weights;
  private final NDManager manager;
  private final Trace trace;
  private final TorchScript join;
  private final List<Unread> unread = new ArrayList<>();
  private final List<Map<String, Object>> lines = new ArrayList<>();

  /**
   * Results of one step, still on the device.
   *
   * @param values the loss terms, the total, what was measured; the norm of all gradients, the norm
   *     of each
   */
  private record Unread(int step, List<String> terms, List<String> measured, NDArray values) {}

  /**
   * @param manager owns what is not read yet
   */
  StepResults(
      TrainingPlan plan,
      Objective<E> objective,
      List<Weight> weights,
      NDManager manager,
      Trace trace) {
    this.trace = trace;
    this.plan = plan;
    this.objective = objective;
    this.weights = weights;
    this.manager = manager;
    join =
        TorchScript.of(
            manager,
            List.of("arrays"),
            List.of(
                "r = torch.cat([torch.reshape(%s, [-1]) for x in arrays])"
                    .formatted(ScriptType.FLOAT32.convert("x"))),
            List.of("r"));
  }

  /**
   * Adds a step.
   *
   * @param norms [1 + weights], of all gradients together and of each
   */
  void add(int step, Losses losses, Map<String, NDArray> measured, NDArray norms) {
    List<NDArray> values = new ArrayList<>(losses.terms().values());
    values.add(losses.total());
    values.addAll(measured.values());
    values.add(norms);
    unread.add(
        new Unread(
            step,
            List.copyOf(losses.terms().keySet()),
            List.copyOf(measured.keySet()),
            join.call(manager, values).get(0)));
  }

  /** Returns how many steps are not read yet. */
  int unread() {
    return unread.size();
  }

  /**
   * Reads all that is not read yet: one read from the device. The objective checks what was
   * measured.
   *
   * @throws NonFiniteLoss naming the loss term or the weights
   */
  void read() {
    if (unread.isEmpty()) {
      return;
    }
    float[] values;
    try (Trace.Span reading = trace.span("read back");
        NDArray all = join.call(manager, unread.stream().map(Unread::values).toList()).get(0)) {
      values = DeviceReads.floats(all);
    }
    int at = 0;
    for (Unread step : unread) {
      at = read(step, values, at);
      step.values().close();
    }
    unread.clear();
  }

  private int read(Unread step, float[] values, int start) {
    int at = start;
    Map<String, Object> line = new LinkedHashMap<>();
    for (String term : step.terms()) {
      line.put(term, values[at++]);
    }
    float total = values[at++];
    line.put("total", total);
    if (!Float.isFinite(total)) {
      throw new NonFiniteLoss(objective.name(), step.step(), plan.seed(), line);
    }
    Map<String, Double> measured = new LinkedHashMap<>();
    for (String name : step.measured()) {
      measured.put(name, (double) values[at++]);
    }
    line.put("step", step.step());
    line.put("rate", plan.rateAt(step.step()));
    line.put("grad_norm", (double) values[at]);
    if (!Float.isFinite(values[at])) {
      Map<String, Float> where = notFinite(values, at);
      throw new NonFiniteLoss(objective.name(), step.step(), plan.seed(), where);
    }
    objective.check(step.step(), plan.steps(), measured);
    lines.add(line);
    observed(measured);
    return at + 1 + weights.size();
  }

  private Map<String, Float> notFinite(float[] values, int norm) {
    Map<String, Float> notFinite = new LinkedHashMap<>();
    for (int i = 0; i < weights.size(); i++) {
      float own = values[norm + 1 + i];
      if (!Float.isFinite(own)) {
        notFinite.put("gradient of " + weights.get(i).name(), own);
      }
    }
    return notFinite.isEmpty() ? Map.of("grad_norm", values[norm]) : notFinite;
  }

  /** Adds what was observed in the last step that was read. */
  void observed(Map<String, Double> observed) {
    if (observed.isEmpty()) {
      return;
    }
    Map<String, Object> line = lines.get(lines.size() - 1);
    Map<String, Double> all = new LinkedHashMap<>();
    if (line.get(TrainingLoop.OBSERVED) instanceof Map<?, ?> before) {
      before.forEach((name, value) -> all.put((String) name, (Double) value));
    }
    all.putAll(observed);
    line.put(TrainingLoop.OBSERVED, all);
  }

  /** Returns the log lines of what was read since the last call. */
  List<Map<String, Object>> takeLines() {
    List<Map<String, Object>> taken = List.copyOf(lines);
    lines.clear();
    return taken;
  }
}
