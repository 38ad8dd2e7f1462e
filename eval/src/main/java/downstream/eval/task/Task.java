package downstream.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.data.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What encoders are measured on, found by ServiceLoader. Training needs the engines; scoring,
 * explaining and drawing work on stored files alone, so that any score can be recomputed without a
 * model.
 */
public interface Task {
  /** The id on the command line, unique: {@code detection}. */
  String name();

  /** Of task and evaluator together; a change that moves any figure is a new version. */
  String version();

  /** One sentence for {@code ls}. */
  String summary();

  /** The primary metric first. */
  List<Metric> metrics();

  /** The bundled protocols: class-path resources {@code /protocols/<task>/<name>.yaml}. */
  List<String> protocols();

  /**
   * The record of this task's protocol fields. Every task's record has {@code String mode} ({@code
   * frozen} or {@code finetune}), {@code double labelFraction} and {@code long labelSeed}, which
   * the harness reads too.
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

  /** Scores stored predictions; no engine is loaded. */
  Score score(Path predictions, ImageSet groundTruth, Protocol protocol) throws IOException;

  /**
   * Writes what a bootstrap over images needs (match table, per-image confusion) to {@code
   * statistics}.
   */
  void writeStatistics(Path predictions, ImageSet groundTruth, Protocol protocol, Path statistics)
      throws IOException;

  /**
   * The score with each image counted {@code imageWeights[i]} times.
   *
   * @param imageWeights one whole number ≥ 0 per picture, in the set's order; all 1 gives the plain
   *     score
   */
  Score score(Path statistics, double[] imageWeights) throws IOException;

  /** Puts bundled known answers through the evaluator; empty if the task brings none. */
  default Optional<SelfTest> selfTest() {
    return Optional.empty();
  }

  /**
   * Where two runs on the same data differ, by class and by size: nested objects whose leaves are
   * as {@code PairedValue#json} gives them, or text.
   */
  JsonNode explain(Path statisticsA, Path statisticsB) throws IOException;

  /**
   * Further figures that stored statistics hold, such as what each kind of error costs; of each,
   * less is better. They are no metrics of the run, but a gate can guard them.
   */
  default Map<String, Double> diagnostics(Path statistics) throws IOException {
    return Map.of();
  }

  /** Draws PNG pictures of predictions against truth into {@code folder}; returns the files. */
  List<Path> figures(
      Path predictions, ImageSet groundTruth, Protocol protocol, Path folder, int count)
      throws IOException;
}
