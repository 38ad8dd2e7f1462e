package downstream.pretrain.run;

import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pretraining method as its training stages: a subclass says what is trained, on which views, by
 * which loss; estimating and running is the same for all.
 *
 * @param <S> its settings
 */
public abstract class PretrainingMethod<S extends Record> implements Pretrainer {
  private final String name;
  private final String summary;
  private final Class<S> type;
  private final Map<String, Record> presets;

  /**
   * @param summary one sentence, with the paper
   * @param presets settings by preset, each of {@code type}
   */
  protected PretrainingMethod(
      String name, String summary, Class<S> type, Map<String, Record> presets) {
    this.name = name;
    this.summary = summary;
    this.type = type;
    this.presets = Collections.unmodifiableMap(new LinkedHashMap<>(presets));
  }

  /** The training stages under these settings. */
  public abstract TrainingStages stages(S settings, PretrainingRequest request);

  /** The training stages under the settings of the request. */
  public final TrainingStages stages(PretrainingRequest request) {
    return stages(request.resolve(type), request);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String summary() {
    return summary;
  }

  @Override
  public final Map<String, Record> presets() {
    return presets;
  }

  @Override
  public final List<CostEstimate> estimate(PretrainingRequest request) throws IOException {
    return stages(request).estimate(request);
  }

  @Override
  public final void run(PretrainingRequest request) throws IOException {
    S settings = request.resolve(type);
    stages(settings, request).run(this, settings, request);
  }
}
