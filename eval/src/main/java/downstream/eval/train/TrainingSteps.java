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
import java.util.random.RandomGenerator;

/** Steps of one training: from a batch to updated weights. */
final class TrainingSteps<E> {
  private final TrainingPlan plan;
  private final Objective<E> objective;
  private final NDManager manager;
  private final int readEvery;
  private final Trace trace;
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
      int readEvery,
      Trace trace) {
    this.plan = plan;
    this.objective = objective;
    this.manager = manager;
    this.readEvery = readEvery;
    this.trace = trace;
    update = OptimiserState.of(plan.optimiser(), weights, manager);
    gradients = new WeightGradients(weights, manager);
    results = new StepResults<>(plan, objective, weights, manager, trace);
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
  List<Map<String, Object>> run(int index, Batch<E> batch) {
    RandomGenerator random = Loader.random(plan.seed(), 2, index, 0);
    Engine.getInstance().setRandomSeed(random.nextInt());
    NDManager scope = manager.newSubManager();
    try {
      Step step =
          new Step(
              index, plan.steps(), scope, new ParameterStore(scope, false), random, batch.arrays());
      Losses losses;
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        losses = losses(batch.examples(), step);
        try (Trace.Span backward = trace.span("backward")) {
          collector.backward(losses.total());
        }
      }
      Gradients.doWithout(() -> finish(step, losses));
    } finally {
      try (Trace.Span freeing = trace.span("free")) {
        scope.close();
      }
    }
    return results.takeLines();
  }

  private Losses losses(List<E> batch, Step step) {
    try (Trace.Span forward = trace.span("losses")) {
      return objective.losses(batch, step);
    }
  }

  private void finish(Step step, Losses losses) {
    update(step, losses);
    boolean observes = objective.observesAt(step);
    if (observes || results.unread() >= readEvery) {
      results.read();
    }
    if (observes) {
      try (Trace.Span observing = trace.span("observe")) {
        results.observed(objective.observe(step));
      }
    }
  }

  private void update(Step step, Losses losses) {
    try (Trace.Span updating = trace.span("update")) {
      int index = step.index();
      double rate = plan.rateAt(index);
      NDArray norms = update.apply(index, gradients.get(), plan.clip(), rate, step.manager());
      objective.afterUpdate(step);
      results.add(index, losses, objective.measure(step), norms);
    }
  }

  /** Reads back what is not read yet, and returns its log lines. */
  List<Map<String, Object>> read() {
    Gradients.doWithout(results::read);
    return results.takeLines();
  }
}
