package downstream.eval.suite;

import downstream.eval.data.synthetic.SyntheticScenes;
import org.jspecify.annotations.Nullable;

/**
 * A data set of a suite: one that exists, or generated scenes.
 *
 * @param file a data YAML, or a folder with data.yaml or of images
 */
record DataEntry(@Nullable String file, @Nullable SyntheticScenes scenes) {
  DataEntry {
    if ((file == null) == (scenes == null)) {
      throw new IllegalArgumentException("expected either 'file' or 'scenes'");
    }
  }
}
