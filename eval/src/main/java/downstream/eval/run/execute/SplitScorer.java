package downstream.eval.run.execute;

import downstream.eval.AtomicFile;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.Result;
import downstream.eval.run.RunLocation;
import downstream.eval.run.ScoredSplit;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Score;
import downstream.eval.task.Task;
import downstream.eval.train.LossCurve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The second half of a run: a fitted model's predictions on one split, stored and scored. */
public record SplitScorer(
    EvaluationRequest evaluation,
    ScoredSplit split,
    RunLocation place,
    Path fitFolder,
    Stopwatch watch) {

  /** Predicts, scores, and gathers the stored files; the run's JSON is not written yet. */
  Result measure(FittedModel model, ResultBuilder record) throws IOException {
    Path folder = place.files();
    Files.createDirectories(folder);
    Task task = evaluation.task();
    Path predictions = folder.resolve(task.predictionsFile());
    watch.time("predict", () -> predicted(model, predictions));
    Score score =
        watch.time(
            "score", () -> task.score(predictions, split.evaluation(), evaluation.protocol()));
    copyLog(folder);
    AtomicFile.write(
        folder.resolve("config.resolved.yaml"), Json.yaml(evaluation.protocol().fields()));
    Optional<String> shortfall = extras(predictions, folder);
    return record.scored(split, watch, model, score, artifacts(place.folder(), folder), shortfall);
  }

  private Path predicted(FittedModel model, Path predictions) throws IOException {
    model.predict(split.evaluation(), predictions);
    return predictions;
  }

  /** Statistics and figures: where they fail the score still stands, but the run is partial. */
  private Optional<String> extras(Path predictions, Path folder) {
    Task task = evaluation.task();
    var groundTruth = split.evaluation();
    try {
      Path statistics = folder.resolve(Result.STATISTICS);
      watch.time(
          "statistics",
          () -> {
            task.writeStatistics(predictions, groundTruth, evaluation.protocol(), statistics);
            return statistics;
          });
      if (evaluation.figures() > 0) {
        Path figures = Files.createDirectories(folder.resolve("figures"));
        drawLosses(folder.resolve("log.jsonl"), figures.resolve("loss.png"));
        watch.time(
            "figures",
            () ->
                task.figures(
                    predictions,
                    groundTruth,
                    evaluation.protocol(),
                    figures,
                    evaluation.figures()));
      }
      return Optional.empty();
    } catch (RuntimeException | IOException e) {
      return Optional.of("scored, but statistics or figures could not be made: " + e);
    }
  }

  private static void drawLosses(Path log, Path png) {
    if (Files.exists(log)) {
      LossCurve.draw(log, png);
    }
  }

  private void copyLog(Path folder) throws IOException {
    Path log = fitFolder.resolve("log.jsonl");
    if (Files.exists(log)) {
      Files.copy(log, folder.resolve("log.jsonl"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static List<Result.Artifact> artifacts(Path base, Path folder) throws IOException {
    List<Result.Artifact> artifacts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String path = base.relativize(file).toString().replace('\\', '/');
        artifacts.add(new Result.Artifact(path, Digest.of(file), Files.size(file)));
      }
    }
    return artifacts;
  }
}
