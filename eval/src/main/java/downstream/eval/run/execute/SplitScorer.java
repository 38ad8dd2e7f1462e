package downstream.eval.run.execute;

import downstream.eval.AtomicFile;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.Result;
import downstream.eval.run.RunLocation;
import downstream.eval.run.ScoredSplit;
import downstream.eval.task.Evaluation;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Score;
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
    EvaluationRequest request,
    ScoredSplit split,
    RunLocation place,
    Path fitFolder,
    Stopwatch watch) {
  /** Name of the folder of plots in the run's folder. */
  public static final String PLOTS = "plots";

  /** Predicts, scores, and gathers the stored files; the run's JSON is not written yet. */
  Result measure(FittedModel model, ResultBuilder record) throws IOException {
    Path folder = place.files();
    Files.createDirectories(folder);
    Path predictions = folder.resolve(request.task().predictionsFile());
    watch.time("predict", () -> predicted(model, predictions));
    Evaluation evaluation =
        watch.time(
            "score",
            () -> request.task().evaluate(predictions, split.evaluation(), request.protocol()));
    Score score = watch.time("score", evaluation::score);
    copyLog(folder);
    AtomicFile.write(
        folder.resolve("config.resolved.yaml"), Json.yaml(request.protocol().fields()));
    Optional<String> shortfall = extras(evaluation, folder);
    return record.scored(split, watch, model, score, artifacts(place.folder(), folder), shortfall);
  }

  private Path predicted(FittedModel model, Path predictions) throws IOException {
    model.predict(split.evaluation(), predictions);
    return predictions;
  }

  /** Statistics and plots: where they fail the score still stands, but the run is partial. */
  private Optional<String> extras(Evaluation evaluation, Path folder) {
    try {
      Path statistics = folder.resolve(Result.STATISTICS);
      watch.time(
          "statistics",
          () -> {
            evaluation.writeStatistics(statistics);
            return statistics;
          });
      if (request.plots() > 0) {
        Path plots = Files.createDirectories(folder.resolve(PLOTS));
        drawLosses(folder.resolve("log.jsonl"), plots.resolve("loss.png"));
        watch.time("plots", () -> evaluation.plots(plots, request.plots()));
      }
      return Optional.empty();
    } catch (RuntimeException | IOException e) {
      return Optional.of("scored, but statistics or plots could not be made: " + e);
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
