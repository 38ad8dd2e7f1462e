package downstream.eval.task;

import downstream.eval.data.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A trained model: encoder and head. Closing it frees its native memory. */
public interface FittedModel extends AutoCloseable {
  /**
   * Predicts every image of the set and writes the stored predictions, atomically. Labels are not
   * looked at.
   */
  void predict(ImageSet set, Path predictions) throws IOException;

  /**
   * Returns remarks on the training that matter for the metrics: how batch norms behaved, and where
   * it departs from what its protocol is named for.
   */
  default List<String> notes() {
    return List.of();
  }

  /** Digest of the first batches and the last weights, to show that two runs were the same. */
  String digest();

  @Override
  void close();
}
