package downstream.eval.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import downstream.eval.parallel.ReplicaThreads;
import downstream.eval.parallel.SharedRandom;
import downstream.eval.train.optimiser.OptimiserState;
import downstream.eval.train.optimiser.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Steps of one training: from a batch to updated weights. Each replica computes the loss of its
 * part of the batch; one backward pass goes through all of them.
 */
final class TrainingSteps<E> implements AutoCloseable {
  private final TrainingPlan plan;
  private final List<Objective<E>> replicas;
  private final Objective<E> objective;
  private final int readEvery;
  private final Trace trace;
  private final OptimiserState update;
  private final ReplicaWeights weights;
  private final StepResults<E> results;
  private final ReplicaThreads threads = new ReplicaThreads();

  /**
   * @param replicas objectives with the same weights, each on its device; the first is updated
   * @param manager owns the optimiser's state
   * @param readEvery steps after which results are read back
   */
  TrainingSteps(
      TrainingPlan plan,
      List<Objective<E>> replicas,
      NDManager manager,
      int readEvery,
      Trace trace) {
    this.plan = plan;
    this.replicas = List.copyOf(replicas);
    this.objective = replicas.get(0);
    this.readEvery = readEvery;
    this.trace = trace;
    List<Weight> updated = objective.weights();
    update = OptimiserState.of(plan.optimiser(), plan.clipping(), updated, manager);
    weights = new ReplicaWeights(replicas, manager);
    results = new StepResults<>(plan, objective, updated, manager, trace);
  }

  /** Returns what the optimiser keeps from step to step, by name. */
  Map<String, NDArray> kept() {
    return update.kept();
  }

  /** Gives all replicas the weights and the state of the first. */
  void start() {
    Gradients.doWithout(weights::sendAll);
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
    RandomGenerator draws = replicas.size() == 1 ? random : new SharedRandom(random);
    List<Step> steps = new ArrayList<>();
    try {
      for (int replica = 0; replica < replicas.size(); replica++) {
        NDManager scope = weights.manager(replica).newSubManager();
        NDList arrays = batch.parts().get(replica).arrays();
        ParameterStore store = new ParameterStore(scope, false);
        steps.add(new Step(index, plan.steps(), scope, store, draws, arrays));
      }
      Losses losses;
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        losses = losses(batch, steps);
        try (Trace.Span backward = trace.span("backward")) {
          collector.backward(losses.total());
        }
      }
      Gradients.doWithout(() -> finish(steps, losses));
    } finally {
      try (Trace.Span freeing = trace.span("free")) {
        steps.forEach(step -> step.manager().close());
      }
    }
    return results.takeLines();
  }

  private Losses losses(Batch<E> batch, List<Step> steps) {
    List<Losses> parts =
        threads.run(
            batch.sizes(),
            replica -> {
              try (Trace.Span forward = trace.span("losses")) {
                List<E> own = batch.parts().get(replica).examples();
                return replicas.get(replica).losses(own, steps.get(replica));
              }
            });
    return Losses.together(parts, batch.sizes(), steps.get(0).manager());
  }

  private void finish(List<Step> steps, Losses losses) {
    Step step = steps.get(0);
    update(steps, losses);
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

  private void update(List<Step> steps, Losses losses) {
    try (Trace.Span updating = trace.span("update")) {
      Step step = steps.get(0);
      int index = step.index();
      NDArray norms =
          update.apply(
              index,
              weights.gradients(),
              plan.rateAt(index),
              plan.weightDecayAt(index),
              step.manager());
      weights.send();
      for (int replica = 0; replica < replicas.size(); replica++) {
        replicas.get(replica).afterUpdate(steps.get(replica));
      }
      results.add(index, losses, objective.measure(step), norms);
    }
  }

  /** Reads back what is not read yet, and returns its log lines. */
  List<Map<String, Object>> read() {
    Gradients.doWithout(results::read);
    return results.takeLines();
  }

  @Override
  public void close() {
    threads.close();
    weights.close();
  }
}
