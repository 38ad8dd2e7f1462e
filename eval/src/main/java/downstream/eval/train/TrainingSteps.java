package downstream.eval.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import downstream.eval.train.optimiser.OptimiserState;
import downstream.eval.train.optimiser.Weight;
import java.util.List;
import java.util.Map;

/** Steps of one training: from a batch to updated weights. */
final class TrainingSteps<E> {
  private final TrainingPlan plan;
  private final Objective<E> objective;
  private final NDManager manager;
  private final int readEvery;
  private final OptimiserState update;
  private final WeightGradients gradients;
  private final StepResults<E> results;

  /**
   * @param manager owns the optimiser's state
   * @param readEvery steps after which results are read back
   */
  TrainingSteps(
      TrainingPlan plan,
      Objective<E> objective,
      List<Weight> weights,
      NDManager manager,
      int readEvery) {
    this.plan = plan;
    this.objective = objective;
    this.manager = manager;
    this.readEvery = readEvery;
    update = OptimiserState.of(plan.optimiser(), weights, manager);
    gradients = new WeightGradients(weights, manager);
    results = new StepResults<>(plan, objective, weights, manager);
  }

  /** Returns what the optimiser keeps from step to step, by name. */
  Map<String, NDArray> kept() {
    return update.kept();
  }

  /**
   * Runs a step.
   *
   * @return the log lines that are complete: of no step, or of several
   * @throws NonFiniteLoss about this step or an earlier one
   */
  List<Map<String, Object>> run(int index, List<E> batch) {
    var random = Loader.random(plan.seed(), 2, index, 0);
    Engine.getInstance().setRandomSeed(random.nextInt());
    try (NDManager scope = manager.newSubManager()) {
      Step step = new Step(index, plan.steps(), scope, new ParameterStore(scope, false), random);
      Losses losses;
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        losses = objective.losses(batch, step);
        collector.backward(losses.total());
      }
      Gradients.doWithout(() -> finish(step, losses));
    }
    return results.takeLines();
  }

  private void finish(Step step, Losses losses) {
    int index = step.index();
    NDArray norms =
        update.apply(index, gradients.get(), plan.clip(), plan.rateAt(index), step.manager());
    objective.afterUpdate(step);
    results.add(index, losses, objective.measure(step), norms);
    boolean observes = objective.observesAt(step);
    if (observes || results.unread() >= readEvery) {
      results.read();
    }
    if (observes) {
      results.observed(objective.observe(step));
    }
  }

  /** Reads back what is not read yet, and returns its log lines. */
  List<Map<String, Object>> read() {
    Gradients.doWithout(results::read);
    return results.takeLines();
  }
}
