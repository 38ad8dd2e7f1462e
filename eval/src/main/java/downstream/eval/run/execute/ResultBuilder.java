package downstream.eval.run.execute;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.KeyCase;
import downstream.eval.data.annotation.Category;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.run.DataLeak;
import downstream.eval.run.Environment;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.LazyJson;
import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import downstream.eval.run.ScoredSplit;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Score;
import downstream.eval.task.Task;
import downstream.eval.train.TrainingLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Values that all runs of one training share; makes their {@link Result}s.
 *
 * @param flops of the encoder
 * @param leaks by split
 */
record ResultBuilder(
    EvaluationRequest evaluation,
    EncoderFile encoder,
    String digest,
    long seed,
    int trainImages,
    boolean resumed,
    Path fitFolder,
    Optional<Long> flops,
    Map<String, DataLeak> leaks) {

  /**
   * A run that was scored.
   *
   * @param shortfall what is missing all the same: such a run is partial
   */
  Result scored(
      ScoredSplit split,
      Stopwatch watch,
      FittedModel model,
      Score score,
      List<Result.Artifact> artifacts,
      Optional<String> shortfall) {
    Result.Status status = shortfall.isEmpty() ? Result.Status.OK : Result.Status.PARTIAL;
    Optional<String> observed = Optional.of(model.digest());
    return result(split, watch, status, shortfall, observed, score, model.notes(), artifacts);
  }

  /** A run that broke off. */
  Result failed(ScoredSplit split, Stopwatch watch, Throwable why) {
    Score none = new Score(Map.of(), Json.MAPPER.createObjectNode(), Map.of(), List.of());
    Optional<String> reason = Optional.of(why.toString());
    return result(
        split, watch, Result.Status.FAILED, reason, Optional.empty(), none, List.of(), List.of());
  }

  private Result result(
      ScoredSplit split,
      Stopwatch watch,
      Result.Status status,
      Optional<String> reason,
      Optional<String> observed,
      Score score,
      List<String> notes,
      List<Result.Artifact> artifacts) {
    return new Result(
        ResultFile.SCHEMA,
        "",
        status,
        reason,
        task(split),
        Result.ProtocolPart.of(evaluation.protocol()),
        encoderPart(),
        data(split),
        new Result.Seeds(seed, observed),
        evaluation.limited(),
        score.metrics(),
        reasons(score),
        LazyJson.of(score.perClass()),
        score.counts(),
        score.warnings(),
        notes,
        evaluator(),
        Optional.of(control()),
        determinism(),
        Environment.describe(evaluation.threads(), evaluation.device()),
        watch.read(resumed),
        artifacts,
        new Result.Provenance(evaluation.command(), evaluation.dataSource(), List.of()));
  }

  private Result.Control control() {
    return new Result.Control(
        encoder.architecture(), Controls.isRandomInit(encoder), evaluation.control());
  }

  /**
   * Returns the determinism report of the training loop, if the task uses the loop and its first
   * steps were done twice.
   */
  private JsonNode determinism() {
    Path report = fitFolder.resolve(TrainingLoop.DETERMINISM_FILE);
    return Files.exists(report) ? Json.read(report) : Json.MAPPER.nullNode();
  }

  private Optional<Result.EvaluatorPart> evaluator() {
    return evaluation
        .task()
        .selfTest()
        .map(
            test ->
                new Result.EvaluatorPart(test.version(), test.digest(), test.largestDeviation()));
  }

  private static Map<String, String> reasons(Score score) {
    Map<String, String> reasons = new TreeMap<>();
    score
        .metrics()
        .forEach(
            (name, value) -> {
              if (value.isEmpty()) {
                reasons.put(name, "the evaluator cannot compute it on this data");
              }
            });
    return reasons;
  }

  private Result.TaskPart task(ScoredSplit split) {
    Task task = evaluation.task();
    Map<String, Boolean> directions = new LinkedHashMap<>();
    task.metrics().forEach(metric -> directions.put(metric.name(), metric.higherIsBetter()));
    return new Result.TaskPart(
        task.name(),
        task.version(),
        split.name(),
        task.metrics().get(0).name(),
        directions,
        "fraction",
        task.predictionsFile());
  }

  private Result.EncoderPart encoderPart() {
    ObjectNode none = Json.MAPPER.createObjectNode();
    return new Result.EncoderPart(
        encoder.name(),
        digest,
        encoder.sha256(),
        encoder.model().getSerializedSize(),
        encoder.parameters(),
        encoder.opset(),
        flops,
        encoder.hasSpec() ? KeyCase.snake(Json.MAPPER.<JsonNode>valueToTree(encoder.spec())) : none,
        encoder.provenance(),
        encoder.notes());
  }

  private Result.DataPart data(ScoredSplit split) {
    var train = split.train();
    var scored = split.evaluation();
    return new Result.DataPart(
        split.data(),
        split.fingerprint(),
        new Result.SetPart(train.name(), train.fingerprint(), trainImages, train.images().size()),
        new Result.SetPart(
            scored.name(), scored.fingerprint(), scored.images().size(), scored.images().size()),
        names(scored.categories()),
        names(scored.labels()),
        Optional.ofNullable(leaks.get(split.name())));
  }

  private static List<String> names(List<Category> categories) {
    return categories.stream().map(Category::name).toList();
  }
}
