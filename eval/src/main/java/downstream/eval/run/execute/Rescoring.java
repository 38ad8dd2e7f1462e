package downstream.eval.run.execute;

import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.DataSet;
import downstream.eval.data.ImageSet;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import downstream.eval.task.Protocol;
import downstream.eval.task.Score;
import downstream.eval.task.Task;
import downstream.eval.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A stored run scored again from its predictions, without an engine.
 *
 * @param lines one per metric
 * @param perClassMatches whether the metrics of every class are the same, too
 * @param defects stored files that are not what they were when the run was written
 */
public record Rescoring(
    Result stored, List<Line> lines, boolean perClassMatches, List<String> defects) {
  /** One metric then and now. */
  public record Line(String metric, Optional<Double> stored, Optional<Double> rescored) {
    /** Tells whether both values are equal to the last digit. */
    public boolean matches() {
      return stored.equals(rescored);
    }
  }

  /** Tells whether every stored file is unchanged and every metric equal to the last digit. */
  public boolean matches() {
    return defects.isEmpty() && perClassMatches && lines.stream().allMatch(Line::matches);
  }

  /**
   * Scores again.
   *
   * @param run the run's JSON file
   * @param data the run's data set
   * @throws BadInput if there are no predictions, or the data is not what the run was scored on
   */
  public static Rescoring of(Path run, DataSet data) throws IOException {
    Result stored = ResultFile.read(run);
    Task task = Tasks.named(stored.task().name());
    ImageSet groundTruth = groundTruth(stored, data);
    Path predictions =
        run.resolveSibling("run-" + stored.seeds().declared()).resolve(stored.task().predictions());
    if (!Files.isRegularFile(predictions)) {
      throw new BadInput(predictions, "no predictions are stored", "Run `eval` again");
    }
    Score score = task.evaluate(predictions, groundTruth, protocol(stored)).score();
    boolean perClass = stored.perClass().toString().equals(Json.canonical(score.perClass()));
    return new Rescoring(stored, compare(stored, score), perClass, ResultFile.defects(run, stored));
  }

  private static Protocol protocol(Result stored) {
    var protocol = stored.protocol();
    return new Protocol(
        stored.task().name(), stored.task().version(), protocol.name(), protocol.settings());
  }

  private static ImageSet groundTruth(Result stored, DataSet data) {
    DataSet same =
        stored.limited().map(limit -> EvaluationRequest.limited(data, limit.images())).orElse(data);
    ImageSet groundTruth = same.evaluation().get(stored.task().split());
    if (groundTruth == null
        || !groundTruth.fingerprint().equals(stored.data().evaluation().fingerprint())) {
      throw new BadInput(
          "data set " + data.name(),
          "is not what the run was scored on: expected split '"
              + stored.task().split()
              + "' with digest "
              + stored.data().evaluation().fingerprint(),
          "Give the run's own data with --data");
    }
    return groundTruth;
  }

  private static Optional<Double> value(Map<String, Optional<Double>> metrics, String name) {
    return metrics.getOrDefault(name, Optional.empty());
  }

  private static List<Line> compare(Result stored, Score score) {
    TreeSet<String> names = new TreeSet<>(stored.metrics().keySet());
    names.addAll(score.metrics().keySet());
    List<Line> lines = new ArrayList<>();
    for (String name : names) {
      lines.add(new Line(name, value(stored.metrics(), name), value(score.metrics(), name)));
    }
    return lines;
  }
}
