package downstream.pretrain.method.distillation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.HeadLayers;
import downstream.pretrain.model.HeadLayers.Start;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.UnitRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A student or a teacher: an encoder, and the head of DINO ({@code vision_transformer.py},
 * DINOHead) that gives each embedding K scores. Three linear layers with GELU between them end in a
 * narrow row of unit length; the last layer gives its products with K unit rows.
 */
final class ScoringNetwork {
  private final Encoder encoder;
  private final MlpHead projector;
  private final UnitRows last;

  /**
   * @param manager owns the weights of the head
   */
  ScoringNetwork(Encoder encoder, HeadSettings head, NDManager manager) {
    this.encoder = encoder;
    projector = projector(encoder.settings().embeddingWidth(), head, manager);
    last = new UnitRows(head.bottleneckWidth(), head.outputWidth(), head.trainsGain(), manager);
  }

  static MlpHead projector(int in, HeadSettings settings, NDManager manager) {
    return HeadLayers.from(in, Start.NORMAL_02)
        .linear(settings.hiddenWidth())
        .gelu()
        .linear(settings.hiddenWidth())
        .gelu()
        .linear(settings.bottleneckWidth())
        .unitLength()
        .build(manager);
  }

  Encoder encoder() {
    return encoder;
  }

  /**
   * Scores of embeddings: [N, V, D] to [N, V, K].
   *
   * @param held whether the last layer is not trained in this step
   */
  NDArray scores(NDArray embeddings, boolean held, Step step) {
    return last.scores(projector.apply(step.store(), embeddings), held);
  }

  List<Weight> weights(String prefix) {
    List<Weight> weights = new ArrayList<>(encoder.weights(prefix + "encoder"));
    weights.addAll(projector.weights(prefix + "projector"));
    weights.addAll(last.weights(prefix + "last"));
    return weights;
  }

  /** Arrays without gradients: batch-norm statistics. */
  Map<String, NDArray> state(String prefix) {
    Map<String, NDArray> state = new LinkedHashMap<>(encoder.state(prefix + "encoder"));
    state.putAll(projector.state(prefix + "projector"));
    return state;
  }

  /** Forward, of one image of this side of which so many embeddings are scored. */
  long flops(int side, long embeddings) {
    return encoder.flops(side) + embeddings * (projector.flops() + last.flops());
  }
}
