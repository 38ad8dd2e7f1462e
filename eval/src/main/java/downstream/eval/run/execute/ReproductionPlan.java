package downstream.eval.run.execute;

import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.data.DataSet;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.run.Build;
import downstream.eval.run.ControlPolicy;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.Result;
import downstream.eval.run.RunStore;
import downstream.eval.task.Protocol;
import downstream.eval.task.Task;
import downstream.eval.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A stored run done again from its record alone: its encoder and data are found by their digests,
 * its protocol and seed are those it holds.
 *
 * @param encoder the file with the run's digest; empty if none of those looked at has it
 * @param data the run's split alone; empty if no data set that was looked at can be opened
 * @param obstacles inputs that are not what they were, or not here, one sentence each
 * @param notes what else is different now and could change a metric
 */
public record ReproductionPlan(
    Result stored,
    Optional<EncoderFile> encoder,
    Optional<DataSet> data,
    List<String> obstacles,
    List<String> notes) {

  /**
   * Searches for the inputs; nothing is run.
   *
   * @param run the stored run's file: the lists of its splits are in the folder of its runs
   * @param encoders files that may be the encoder; those the run's command names are looked at too
   * @param dataSet the data set, if it has moved
   */
  public static ReproductionPlan of(
      Path run, Result stored, List<Path> encoders, Optional<Path> dataSet) {
    List<String> obstacles = new ArrayList<>();
    List<Path> candidates =
        Stream.concat(
                encoders.stream(),
                stored.provenance().command().stream()
                    .filter(word -> word.endsWith(".onnx"))
                    .map(Path::of))
            .filter(Files::isRegularFile)
            .toList();
    Optional<EncoderFile> encoder = encoder(stored, candidates, obstacles);
    Optional<DataSet> data = data(run, stored, dataSet, obstacles);
    protocol(stored, obstacles);
    return new ReproductionPlan(stored, encoder, data, List.copyOf(obstacles), notes(stored));
  }

  private static Optional<EncoderFile> encoder(
      Result stored, List<Path> candidates, List<String> obstacles) {
    List<EncoderFile> files =
        candidates.stream()
            .map(EncoderFile::read)
            .map(file -> asControl(stored, file))
            .filter(file -> file.name().equals(stored.encoder().name()) || candidates.size() == 1)
            .toList();
    Optional<EncoderFile> same =
        files.stream().filter(file -> file.digest().equals(stored.encoder().digest())).findFirst();
    if (same.isPresent()) {
      return same;
    }
    for (EncoderFile file : files) {
      boolean spec = file.sha256().equals(stored.encoder().sha256());
      obstacles.add(
          "encoder '"
              + stored.encoder().name()
              + "': "
              + (spec
                  ? "the file is the same, its spec was changed"
                  : "expected a file of SHA-256 "
                      + stored.encoder().sha256()
                      + ", found "
                      + file.sha256()));
    }
    if (files.isEmpty()) {
      obstacles.add(
          "encoder '"
              + stored.encoder().name()
              + "' with SHA-256 "
              + stored.encoder().sha256()
              + " was not found: give it with --encoder"
              + maker(stored));
    }
    return Optional.empty();
  }

  /** A control that was made for the run is made again from any encoder of its architecture. */
  private static EncoderFile asControl(Result stored, EncoderFile file) {
    String architecture = stored.encoder().pretrain().path("architecture").asText();
    boolean made = !architecture.isEmpty() && architecture.equals(file.architecture());
    return made ? EncoderRewrites.randomInit(file) : file;
  }

  private static String maker(Result stored) {
    var pretrain = stored.encoder().pretrain();
    String method = pretrain.path("method").asText();
    if (method.equals("randomised")) {
      return ", or give an encoder of the same architecture";
    }
    return method.isEmpty()
        ? ""
        : ", or make it: downstream pretrain "
            + method
            + " --images IMAGES --seed "
            + pretrain.path("seed").asText("0")
            + " --out DIR, with the settings "
            + pretrain.path("settings")
            + " on images of digest "
            + pretrain.at("/images/fingerprint").asText("unknown");
  }

  private static Optional<DataSet> data(
      Path run, Result stored, Optional<Path> dataSet, List<String> obstacles) {
    Path place = dataSet.orElse(Path.of(stored.provenance().data()));
    DataSet all;
    try {
      all = DataSets.open(place);
    } catch (BadInput e) {
      obstacles.add(
          "data '"
              + stored.data().name()
              + "' with digest "
              + stored.data().fingerprint()
              + " was not found: "
              + e.getMessage()
              + "; give it with --data");
      return Optional.empty();
    }
    DataSet data =
        stored.limited().map(limit -> EvaluationRequest.limited(all, limit.images())).orElse(all);
    String split = stored.task().split();
    ImageSet evaluation = data.evaluation().get(split);
    SplitCheck check = new SplitCheck(RunStore.around(run));
    check
        .difference(stored.data().train(), data.train())
        .ifPresent(difference -> obstacles.add("training split " + difference));
    if (evaluation == null) {
      obstacles.add("data: no split is called '" + split + "', only " + data.evaluation().keySet());
      return Optional.empty();
    }
    check
        .difference(stored.data().evaluation(), evaluation)
        .ifPresent(difference -> obstacles.add("evaluation split " + difference));
    return Optional.of(new DataSet(data.name(), data.train(), Map.of(split, evaluation)));
  }

  private static void protocol(Result stored, List<String> obstacles) {
    Task task = Tasks.named(stored.task().name());
    if (!task.version().equals(stored.task().version())) {
      obstacles.add(
          "task "
              + task.name()
              + ": the run has version "
              + stored.task().version()
              + ", installed is "
              + task.version());
    }
    Protocol then =
        new Protocol(
            stored.task().name(),
            stored.task().version(),
            stored.protocol().name(),
            stored.protocol().settings());
    if (!then.fingerprint().equals(stored.protocol().fingerprint())) {
      obstacles.add(
          "protocol '"
              + then.name()
              + "': a setting was changed: its fields have the fingerprint "
              + then.fingerprint()
              + ", the record says "
              + stored.protocol().fingerprint());
    }
  }

  private static List<String> notes(Result stored) {
    List<String> notes = new ArrayList<>();
    Build build = Build.current();
    for (String key : List.of("version", "commit", "djl", "pytorch", "onnxruntime", "opencv")) {
      String then = stored.env().path(key).asText("unknown");
      if (!then.equals(build.get(key))) {
        notes.add(key + " was " + then + ", is " + build.get(key));
      }
    }
    return notes;
  }

  /**
   * Runs it again.
   *
   * @param out a folder for it
   * @return the new run, failed or not
   * @throws IllegalStateException if there are obstacles
   */
  public Outcome run(Path out, int threads, Device device, Consumer<String> log)
      throws IOException {
    if (!obstacles.isEmpty()) {
      throw new IllegalStateException(obstacles.toString());
    }
    Protocol protocol =
        new Protocol(
            stored.task().name(),
            stored.task().version(),
            stored.protocol().name(),
            stored.protocol().settings());
    EvaluationRequest again =
        new EvaluationRequest(
            List.of(encoder.orElseThrow()),
            Tasks.named(stored.task().name()),
            data.orElseThrow(),
            protocol,
            List.of(stored.seeds().declared()),
            0,
            threads,
            device,
            0,
            ControlPolicy.NONE,
            0,
            stored.provenance().command(),
            stored.provenance().data());
    RunStore store = RunStore.open(out, again.diskBytes());
    return new Runner(store, Clock.systemUTC(), log).run(again).get(0);
  }
}
