package downstream.pretrain.monitor;

import ai.djl.ndarray.NDArray;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An objective as it is, with a watch's observations beside its own. */
record MonitoredObjective<E>(Objective<E> objective, TrainingMonitor watch)
    implements Objective<E> {
  @Override
  public String name() {
    return objective.name();
  }

  @Override
  public List<Weight> weights() {
    return objective.weights();
  }

  @Override
  public Map<String, NDArray> state() {
    return objective.state();
  }

  @Override
  public Losses losses(List<E> batch, Step step) {
    return objective.losses(batch, step);
  }

  @Override
  public void afterUpdate(Step step) {
    objective.afterUpdate(step);
  }

  @Override
  public Map<String, Double> observe(Step step) {
    Map<String, Double> observed = new LinkedHashMap<>(objective.observe(step));
    observed.putAll(watch.observe(step));
    return observed;
  }
}
