package downstream.eval.task;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Stored predictions matched with the ground truth, once: score, statistics and plots are all taken
 * from the same match. Whatever only statistics or plots need is computed when they are asked for.
 */
public interface Evaluation {
  /** The metrics. */
  Score score();

  /**
   * Writes what a bootstrap over images needs (match table, per-image confusion), whole or not at
   * all.
   */
  void writeStatistics(Path file) throws IOException;

  /**
   * Draws predictions beside the ground truth, and curves, as PNG.
   *
   * @param folder that the files are written into
   * @param count images drawn of each kind (the first ones, the worst ones)
   * @return the files
   */
  List<Path> plots(Path folder, int count) throws IOException;
}
