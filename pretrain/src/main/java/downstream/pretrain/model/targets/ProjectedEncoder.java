package downstream.pretrain.model.targets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.monitor.ImageEmbedder;
import downstream.pretrain.settings.EncoderSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An encoder with its projector: an online network, or its target network. */
public final class ProjectedEncoder {
  private final Encoder encoder;
  private final MlpHead projector;

  /** An encoder with any projector. */
  public ProjectedEncoder(Encoder encoder, MlpHead projector) {
    this.encoder = encoder;
    this.projector = projector;
  }

  /**
   * BYOL's and ORL's.
   *
   * @param manager owns the weights
   */
  public ProjectedEncoder(
      EncoderSettings settings, EncoderFile file, int hidden, int projection, NDManager manager) {
    this(
        new Encoder(settings, file, manager),
        MlpHead.byol(settings.embeddingWidth(), hidden, projection, manager));
  }

  public Encoder encoder() {
    return encoder;
  }

  public MlpHead projector() {
    return projector;
  }

  /** z [N, d] of views [N, 3, S, S]. */
  public NDArray project(ParameterStore store, NDArray views) {
    return projector.apply(store, encoder.embedding(store, views, true));
  }

  /** The projections of images for the monitor, in inference mode: rows of d. */
  public ImageEmbedder embedder() {
    return (images, step) -> {
      NDArray planes = Batches.images(images, encoder.settings().imageSize(), step.manager());
      return projector.infer(step.store(), encoder.embedding(step.store(), planes, false));
    };
  }

  public List<Weight> weights(String prefix) {
    List<Weight> weights = new ArrayList<>(encoder.weights(prefix + "encoder"));
    weights.addAll(projector.weights(prefix + "projector"));
    return weights;
  }

  /** Arrays without gradients: batch-norm statistics. */
  public Map<String, NDArray> state(String prefix) {
    Map<String, NDArray> state = new LinkedHashMap<>(encoder.state(prefix + "encoder"));
    state.putAll(projector.state(prefix + "projector"));
    return state;
  }

  /** Forward, of one view. */
  public long flops(int side) {
    return encoder.flops(side) + projector.flops();
  }
}
