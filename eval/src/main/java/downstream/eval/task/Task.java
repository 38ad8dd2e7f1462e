package downstream.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.data.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A downstream task that encoders are measured on, found by ServiceLoader. Only {@link #fit} loads
 * an engine: everything else works on stored files, so that any score can be recomputed without a
 * model.
 */
public interface Task {
  /** The id on the command line, unique: {@code detection}. */
  String name();

  /** Version of task and evaluator together; a change that moves any metric is a new version. */
  String version();

  /** One sentence for {@code ls}. */
  String summary();

  /** The primary metric first. */
  List<Metric> metrics();

  /** The bundled protocols: class-path resources {@code /protocols/<task>/<name>.yaml}. */
  List<String> protocols();

  /**
   * The record of this task's protocol fields. The harness reads {@code data.labelFraction}, {@code
   * data.labelSeed}, {@code data.imageSize}, {@code data.batch} and {@code schedule.steps} of it,
   * where it has them (see {@link Protocol}).
   */
  Class<? extends Record> protocolType();

  /** File name of the stored predictions, {@code predictions.json.gz}. */
  String predictionsFile();

  /**
   * Trains head and, under {@code finetune}, encoder. Resumes from a checkpoint in {@code
   * fit.folder()} if there is one.
   *
   * @throws downstream.eval.BadInput before training, if data or protocol cannot be used
   */
  FittedModel fit(FitRequest fit) throws IOException;

  /**
   * Matches stored predictions with the ground truth; no engine is loaded. The file is read and
   * matched here, once, for all that the evaluation gives.
   *
   * @throws downstream.eval.BadInput if the predictions are damaged or of other data
   */
  Evaluation evaluate(Path predictions, ImageSet groundTruth, Protocol protocol) throws IOException;

  /**
   * Reads statistics that {@link Evaluation#writeStatistics} wrote.
   *
   * @throws downstream.eval.BadInput if the file is damaged
   */
  Resampler resampler(Path statistics) throws IOException;

  /** Scores the bundled reference cases; empty if the task brings none. */
  default Optional<SelfTest> selfTest() {
    return Optional.empty();
  }

  /**
   * Returns the differences between two runs on the same data, by class and by size: nested objects
   * whose leaves are as {@code PairedValue#json} gives them, or text.
   */
  JsonNode explain(Path statisticsA, Path statisticsB) throws IOException;

  /**
   * Further numbers that stored statistics hold, such as the cost of each kind of error; lower is
   * better for each. They are no metrics of the run, but a gate can guard them.
   */
  default Map<String, Double> diagnostics(Path statistics) throws IOException {
    return Map.of();
  }
}
