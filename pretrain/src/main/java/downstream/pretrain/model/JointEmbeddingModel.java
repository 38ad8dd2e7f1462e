package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.train.Step;
import downstream.pretrain.monitor.CollapseMonitor;
import downstream.pretrain.monitor.Visualisation;
import downstream.pretrain.settings.MonitorSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model that makes embeddings of views alike (BYOL, SimSiam, MoCo). It monitors its projections
 * for a collapse, and draws its views. An example is a list of views, [3, S, S] each.
 */
public abstract class JointEmbeddingModel implements PretrainingModel<List<float[]>> {
  private final String name;
  private final List<String> viewNames;
  private final CollapseMonitor monitor;
  private final Map<String, NDArray> logged = new LinkedHashMap<>(); // of the step

  /**
   * @param name of the method
   * @param viewNames captions of the views of an example
   * @param manager owns what the monitor carries from step to step
   */
  protected JointEmbeddingModel(
      String name, List<String> viewNames, MonitorSettings settings, NDManager manager) {
    this.name = name;
    this.viewNames = List.copyOf(viewNames);
    monitor = new CollapseMonitor(name, "projections", settings, manager);
  }

  /** Batch-norm statistics and target weights: what training changes without a gradient. */
  protected abstract Map<String, NDArray> networkState();

  /** Returns the side of a view, pixels. */
  protected int viewSize(int view) {
    return encoder().settings().imageSize();
  }

  /** Views of all examples, [N, 3, S, S] each, and what else an example has. */
  @Override
  public final NDList arrays(List<List<float[]>> batch, NDManager manager) {
    NDList arrays = new NDList();
    for (int i = 0; i < batch.get(0).size(); i++) {
      int number = i;
      List<float[]> values = batch.stream().map(example -> example.get(number)).toList();
      arrays.add(array(number, values, manager));
    }
    return arrays;
  }

  /**
   * Makes one array of a batch: a view, unless a method has something else in its place.
   *
   * @param number of the array in an example
   * @param values of each example
   */
  protected NDArray array(int number, List<float[]> values, NDManager manager) {
    return Batches.images(values, viewSize(number), manager);
  }

  /** Measures the spread of projections [N, d]; call it once in {@code losses}. */
  protected final void monitor(NDArray projections) {
    monitor.record(projections);
  }

  /** Adds a scalar to the log of the step; call it in {@code losses}. */
  protected final void log(String metric, NDArray value) {
    logged.put(metric, value);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>(networkState());
    state.putAll(monitor.state());
    return state;
  }

  @Override
  public Map<String, NDArray> measure(Step step) {
    Map<String, NDArray> measured = new LinkedHashMap<>(monitor.measure());
    measured.putAll(logged);
    return measured;
  }

  @Override
  public void check(int step, int steps, Map<String, Double> measured) {
    monitor.check(step, steps, measured);
  }

  @Override
  public final Map<String, Visualisation> visualisations(List<List<float[]>> sample) {
    return Map.of("views", step -> ViewSheet.of(sample, viewNames));
  }
}
