package downstream.eval.finetune;

import ai.djl.nn.Block;
import downstream.eval.encoder.FeatureLevel;
import java.util.List;
import java.util.Map;

/** A head on an encoder's feature maps: the layers that a task adds and trains. */
public interface Head {
  /** The encoder's feature levels that it reads, in the order of its input maps, finest first. */
  List<FeatureLevel> levels();

  /**
   * Returns the head's initialised layers by name, in a stable order. The name is the prefix of the
   * weights in checkpoints.
   */
  Map<String, Block> blocks();
}
