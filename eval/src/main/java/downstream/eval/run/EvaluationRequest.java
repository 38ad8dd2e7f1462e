package downstream.eval.run;

import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.Digest;
import downstream.eval.data.DataSet;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.task.Protocol;
import downstream.eval.task.Task;
import downstream.eval.train.Trace;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Request for an evaluation: every encoder, with every seed, scored on every evaluation split.
 *
 * @param limit use only the first so many images of each split; 0 uses all
 * @param threads loader and engine threads
 * @param device that encoders run on
 * @param plots images drawn per run; 0 for no plots
 * @param control who scores the random-weights control
 * @param determinismSteps how many first steps of a training are done twice
 * @param command the command line as typed
 * @param dataSource where the data set was read from
 * @param trace of all its trainings' time
 */
public record EvaluationRequest(
    List<EncoderFile> encoders,
    Task task,
    DataSet data,
    Protocol protocol,
    List<Long> seeds,
    int limit,
    int threads,
    Device device,
    int plots,
    ControlPolicy control,
    int determinismSteps,
    List<String> command,
    String dataSource,
    Trace trace) {
  public EvaluationRequest {
    encoders = List.copyOf(encoders);
    seeds = List.copyOf(seeds);
    command = List.copyOf(command);
    refuseTwice(encoders);
    data = limit == 0 ? data : limited(data, limit);
    // A trial that is never ranked needs no control.
    control = limit == 0 ? control : ControlPolicy.NONE;
  }

  /** The same for other encoders; not of a trial. */
  public EvaluationRequest of(List<EncoderFile> others) {
    return new EvaluationRequest(
        others,
        task,
        data,
        protocol,
        seeds,
        0,
        threads,
        device,
        plots,
        control,
        determinismSteps,
        command,
        dataSource,
        trace);
  }

  /** A request without a trace. */
  public EvaluationRequest(
      List<EncoderFile> encoders,
      Task task,
      DataSet data,
      Protocol protocol,
      List<Long> seeds,
      int limit,
      int threads,
      Device device,
      int plots,
      ControlPolicy control,
      int determinismSteps,
      List<String> command,
      String dataSource) {
    this(
        encoders,
        task,
        data,
        protocol,
        seeds,
        limit,
        threads,
        device,
        plots,
        control,
        determinismSteps,
        command,
        dataSource,
        Trace.OFF);
  }

  /**
   * Bytes of disk to ask for before starting: a checkpoint holds weights, two moments and a copy
   * under way.
   */
  public long diskBytes() {
    long largest = encoders.stream().mapToLong(e -> e.model().getSerializedSize()).max().orElse(0);
    return 4 * largest + (64L << 20);
  }

  /** The limit as the result records it. */
  public Optional<Result.Limit> limited() {
    return limit == 0 ? Optional.empty() : Optional.of(new Result.Limit(limit));
  }

  private static void refuseTwice(List<EncoderFile> encoders) {
    Set<String> seen = new HashSet<>();
    for (EncoderFile encoder : encoders) {
      if (!seen.add(encoder.name() + " " + encoder.digest())) {
        throw new BadInput(encoder.name(), "is given twice", "Name each encoder once");
      }
    }
  }

  public static DataSet limited(DataSet data, int limit) {
    Map<String, ImageSet> evaluation = new TreeMap<>();
    data.evaluation().forEach((name, set) -> evaluation.put(name, first(set, limit)));
    return new DataSet(data.name(), first(data.train(), limit), evaluation);
  }

  private static ImageSet first(ImageSet set, int count) {
    return new ImageSet(
        set.name(),
        set.categories(),
        set.labels(),
        set.images().subList(0, Math.min(count, set.images().size())),
        set.ignore(),
        new Digest().add(set.fingerprint()).add("limit " + count).hex(),
        set.warnings(),
        set.inventory());
  }
}
