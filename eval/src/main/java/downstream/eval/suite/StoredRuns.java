package downstream.eval.suite;

import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.data.DataSet;
import downstream.eval.data.DataSets;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.run.ControlPolicy;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.ResultFile;
import downstream.eval.run.RunStore;
import downstream.eval.run.execute.Controls;
import downstream.eval.run.execute.Runner;
import downstream.eval.task.Protocols;
import downstream.eval.task.Task;
import downstream.eval.task.Tasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The stored runs of a suite. Data sets and encoders are read once. */
final class StoredRuns {
  private final Suite suite;
  private final RunStore store;
  private final int threads;
  private final Device device;
  private final EncoderCache read;
  private final Map<String, DataSet> opened = new HashMap<>();

  StoredRuns(Suite suite, Path runs, int threads, Device device) {
    this(suite, runs, threads, device, new EncoderCache(EncoderFile::read));
  }

  StoredRuns(Suite suite, Path runs, int threads, Device device, EncoderCache read) {
    this.read = read;
    this.suite = suite;
    this.store = RunStore.at(runs);
    this.threads = threads;
    this.device = device;
  }

  RunStore store() {
    return store;
  }

  /**
   * Returns the request that {@code eval} would get.
   *
   * @throws BadInput if encoder, data or protocol cannot be read
   */
  EvaluationRequest evaluation(RankedGroup block, List<String> encoders, List<Long> seeds) {
    Task task = Tasks.named(block.grid().task());
    return new EvaluationRequest(
        encoders.stream().map(name -> read.encoder(suite.encoder(name))).toList(),
        task,
        opened.computeIfAbsent(block.data(), name -> DataSets.open(block.dataPath())),
        Protocols.load(task, block.protocol(), block.grid().set()),
        seeds,
        0,
        threads,
        device,
        0,
        ControlPolicy.SEPARATE,
        0,
        List.of(),
        "");
  }

  /** Returns the reason why the cell has no sound run; empty if it has. */
  Optional<String> missing(SuiteCell cell) {
    try {
      EvaluationRequest one =
          evaluation(cell.section(), List.of(cell.encoder()), List.of(cell.seed()));
      return new Runner(store, Clock.systemUTC(), why -> {})
          .plan(one).stream()
              .filter(run -> !run.state().equals("done"))
              .findFirst()
              .map(run -> reason(run.file()));
    } catch (BadInput e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static String reason(Path run) {
    return Files.exists(run)
        ? ResultFile.read(run).reason().orElse("the stored run is damaged")
        : "no run was stored: see the messages of 'eval'";
  }

  /** The encoders of a block whose control is neither among them nor stored. */
  List<EncoderFile> missingControls(RankedGroup block, List<String> encoders) {
    return new Controls(evaluation(block, encoders, block.grid().seedList()), store).missing();
  }
}
