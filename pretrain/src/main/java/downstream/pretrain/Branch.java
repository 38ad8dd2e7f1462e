package downstream.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.train.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An encoder with its projector: what BYOL and ORL have twice. */
final class Branch {
  private final Encoder encoder;
  private final Head projector;

  /**
   * @param manager owns the weights
   */
  Branch(
      EncoderSettings settings, EncoderFile file, int hidden, int projection, NDManager manager) {
    encoder = new Encoder(settings, file, manager);
    projector = Head.byol(settings.embedding(), hidden, projection, manager);
  }

  Encoder encoder() {
    return encoder;
  }

  Head projector() {
    return projector;
  }

  /** z [N, d] of views [N, 3, S, S]. */
  NDArray project(ParameterStore store, NDArray views) {
    return projector.apply(store, encoder.embedding(store, views, true));
  }

  List<Weight> weights(String prefix) {
    List<Weight> weights = new ArrayList<>(encoder.weights(prefix + "encoder"));
    weights.addAll(projector.weights(prefix + "projector"));
    return weights;
  }

  /** Batch-norm statistics. */
  Map<String, NDArray> state(String prefix) {
    Map<String, NDArray> state = new LinkedHashMap<>(encoder.state(prefix + "encoder"));
    state.putAll(projector.state(prefix + "projector"));
    return state;
  }

  /** Forward, of one view. */
  long flops(int side) {
    return encoder.flops(side) + projector.flops();
  }
}
