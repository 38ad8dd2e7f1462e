package downstream.eval.run.execute;

import downstream.eval.encoder.EncoderFile;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.RunStore;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runner of an evaluation: one training per encoder and seed, scored on every split, each run
 * stored as soon as it is known. What is stored already is not done again.
 */
public final class Runner {
  private final RunStore store;
  private final Clock clock;
  private final Consumer<String> log;

  /**
   * @param clock for the start time in the record
   * @param log told what is done and what is skipped, one sentence each
   */
  public Runner(RunStore store, Clock clock, Consumer<String> log) {
    this.store = store;
    this.clock = clock;
    this.log = log;
  }

  /**
   * Runs what is missing. A run that fails while it trains, predicts or is scored is stored as
   * failed, and the others go on.
   *
   * @throws downstream.eval.BadInput if data and protocol do not fit, or a run's place is in use
   */
  public List<Outcome> run(EvaluationRequest evaluation) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    store.keep(evaluation.data());
    for (SeedRun trial : seedRuns(evaluation)) {
      outcomes.addAll(trial.run());
    }
    return outcomes;
  }

  /** Every run asked for, with what is known of it so far; nothing is trained or written. */
  public List<Planned> plan(EvaluationRequest evaluation) {
    return seedRuns(evaluation).stream().flatMap(trial -> trial.plan().stream()).toList();
  }

  private List<SeedRun> seedRuns(EvaluationRequest evaluation) {
    List<SeedRun> seedRuns = new ArrayList<>();
    DataLeakCheck guard = new DataLeakCheck();
    Map<String, Optional<Long>> flops = new HashMap<>();
    for (EncoderFile encoder : evaluation.encoders()) {
      String digest = encoder.digest();
      for (long seed : evaluation.seeds()) {
        seedRuns.add(
            new SeedRun(evaluation, encoder, digest, seed, store, guard, flops, clock, log));
      }
    }
    return seedRuns;
  }

  /**
   * A run that is asked for.
   *
   * @param state {@code done}, {@code resume} (a checkpoint is stored) or {@code new}
   */
  public record Planned(
      String encoder, String split, long seed, String state, java.nio.file.Path file) {}
}
