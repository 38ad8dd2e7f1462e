package downstream.eval.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.KeyCase;
import downstream.eval.task.Protocol;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Result of one run, as {@code run-<seed>.json} stores it; docs/reference/results.md has it field
 * by field.
 *
 * @param schema {@link ResultFile#SCHEMA}
 * @param id digest of what was asked and what came out; not of when, where and by which command
 * @param reason why the status is not ok
 * @param limited set if {@code --limit} cut the data: such a run is a trial, never ranked
 * @param metrics fractions; null where the evaluator could not compute one
 * @param reasons for each null metric, why
 * @param notes what a reader should know about the training: batch norms, departures from a paper
 * @param evaluator empty if the task has no reference cases
 * @param control empty in runs of before there were controls
 * @param determinism how the first steps, done twice, agreed; null if they were not
 * @param artifacts the files stored beside the run
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Result(
    String schema,
    String id,
    Status status,
    Optional<String> reason,
    TaskPart task,
    ProtocolPart protocol,
    EncoderPart encoder,
    DataPart data,
    Seeds seeds,
    Optional<Limit> limited,
    Map<String, Optional<Double>> metrics,
    Map<String, String> reasons,
    LazyJson perClass,
    Map<String, Long> counts,
    List<String> warnings,
    List<String> notes,
    Optional<EvaluatorPart> evaluator,
    Optional<Control> control,
    JsonNode determinism,
    JsonNode env,
    Time time,
    List<Artifact> artifacts,
    Provenance provenance) {
  /** Name of the stored file of per-image statistics. */
  public static final String STATISTICS = "statistics.gz";

  public Result {
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    reasons = Map.copyOf(reasons);
    counts = Map.copyOf(counts);
    warnings = List.copyOf(warnings);
    notes = notes == null ? List.of() : List.copyOf(notes);
    artifacts = List.copyOf(artifacts);
    evaluator = evaluator == null ? Optional.empty() : evaluator;
    control = control == null ? Optional.empty() : control;
    determinism = determinism == null ? NullNode.instance : determinism;
  }

  /** Tells whether both results have the same metrics and predictions, digit for digit. */
  public boolean hasSameOutcomeAs(Result other) {
    return metrics.equals(other.metrics) && predictions().equals(other.predictions());
  }

  /** The stored file that comparisons and bootstraps read; empty if the run has none. */
  public Optional<Artifact> statistics() {
    return artifacts.stream()
        .filter(artifact -> artifact.path().endsWith("/" + STATISTICS))
        .findFirst();
  }

  private List<String> predictions() {
    return artifacts.stream()
        .filter(artifact -> artifact.path().endsWith("/" + task.predictions()))
        .map(Artifact::sha256)
        .toList();
  }

  /** {@code partial}: scored, but statistics or plots are missing. */
  public enum Status {
    @JsonProperty("ok")
    OK,
    @JsonProperty("partial")
    PARTIAL,
    @JsonProperty("failed")
    FAILED
  }

  /**
   * The task and how to read its metrics.
   *
   * @param metric the primary one
   * @param higherIsBetter per metric
   * @param unit always {@code fraction}
   * @param predictions file name of the stored predictions
   */
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record TaskPart(
      String name,
      String version,
      String split,
      String metric,
      Map<String, Boolean> higherIsBetter,
      String unit,
      String predictions) {}

  /**
   * The protocol with every field.
   *
   * @param fields the settings, their keys in snake_case
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ProtocolPart(String name, String fingerprint, LazyJson fields) {
    /** The part that stores a protocol. */
    public static ProtocolPart of(Protocol protocol) {
      return new ProtocolPart(
          protocol.name(), protocol.fingerprint(), LazyJson.of(KeyCase.snake(protocol.fields())));
    }

    /** The settings as a protocol's YAML has them. */
    public ObjectNode settings() {
      return KeyCase.camel(fields.tree());
    }
  }

  /**
   * The encoder before fine-tuning.
   *
   * @param digest over file and spec
   * @param flops of one forward pass of one image to the levels, at the spec's size, a
   *     multiplication and its addition being two; empty without a spec
   * @param pretrain the file's own provenance; empty for a foreign file
   * @param notes what a reader of the numbers should know about the graph
   */
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record EncoderPart(
      String name,
      String digest,
      String sha256,
      long bytes,
      long parameters,
      long opset,
      Optional<Long> flops,
      JsonNode spec,
      JsonNode pretrain,
      List<String> notes) {
    public EncoderPart {
      flops = flops == null ? Optional.empty() : flops;
      notes = notes == null ? List.of() : List.copyOf(notes);
    }
  }

  /**
   * Data that was trained on and data that was scored.
   *
   * @param fingerprint of training and evaluation set together: it is what runs are grouped by
   * @param classes of boxes, in order of id
   * @param labels of pixels, in order of value
   * @param leak whether the encoder was pretrained on images it is scored on; empty where nobody
   *     looked
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record DataPart(
      String name,
      String fingerprint,
      SetPart train,
      SetPart evaluation,
      List<String> classes,
      List<String> labels,
      Optional<DataLeak> leak) {
    public DataPart {
      leak = leak == null ? Optional.empty() : leak;
    }
  }

  /**
   * One split.
   *
   * @param images number used: of the training split, those left after {@code labelFraction}
   * @param of number that the split holds
   */
  public record SetPart(String name, String fingerprint, int images, int of) {}

  /** The seed asked for, and a digest of the first batches and last weights it led to. */
  public record Seeds(long declared, Optional<String> observed) {}

  /**
   * Self-test of the evaluator that scored the run, on its reference cases.
   *
   * @param selfTestDigest of all computed values
   */
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record EvaluatorPart(String version, String selfTestDigest, double largestDeviation) {}

  /**
   * Facts that identify the random-init control of this run.
   *
   * @param architecture digest of the encoder without what it learnt
   * @param randomInit whether this run is a control itself
   * @param scored who scores the control
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonNaming(SnakeCaseStrategy.class)
  public record Control(String architecture, boolean randomInit, ControlPolicy scored) {}

  /** Largest number of images of each split that were used. */
  public record Limit(int images) {}

  /**
   * Start and duration of a run.
   *
   * @param start ISO-8601, UTC
   * @param phases seconds
   * @param resumed whether training went on from a checkpoint: its seconds then lack the first part
   * @param peakRssBytes of the whole process so far, where the system tells
   */
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Time(
      String start, Map<String, Double> phases, boolean resumed, Optional<Long> peakRssBytes) {}

  /** A stored file; the path is relative to the folder of the run's JSON file. */
  public record Artifact(String path, String sha256, long bytes) {}

  /**
   * Facts needed to repeat the run.
   *
   * @param command the command line as typed
   * @param data path of the data set
   * @param parents ids of results this one was made from
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Provenance(List<String> command, String data, List<String> parents) {}
}
