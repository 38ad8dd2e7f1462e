package downstream.eval.run.execute;

import downstream.eval.BadInput;
import downstream.eval.FileTree;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.inspect.EncoderSummary;
import downstream.eval.run.DataLeak;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import downstream.eval.run.RunLocation;
import downstream.eval.run.RunLocation.Digests;
import downstream.eval.run.RunStore;
import downstream.eval.run.ScoredSplit;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One encoder with one seed: trained once, scored on every split. */
final class SeedRun {
  private final EvaluationRequest evaluation;
  private final EncoderFile encoder;
  private final String digest;
  private final long seed;
  private final RunStore store;
  private final DataLeakCheck guard;

  /** FLOPs of encoders by digest, counted once for all seeds. */
  private final Map<String, Optional<Long>> flops;

  private final Clock clock;
  private final Consumer<String> log;
  private final Path fitFolder;

  SeedRun(
      EvaluationRequest evaluation,
      EncoderFile encoder,
      String digest,
      long seed,
      RunStore store,
      DataLeakCheck guard,
      Map<String, Optional<Long>> flops,
      Clock clock,
      Consumer<String> log) {
    this.evaluation = evaluation;
    this.encoder = encoder;
    this.digest = digest;
    this.seed = seed;
    this.store = store;
    this.guard = guard;
    this.flops = flops;
    this.clock = clock;
    this.log = log;
    String train = evaluation.data().train().fingerprint();
    this.fitFolder =
        store.fitFolder(
            encoder.name(), digest, evaluation.task(), train, evaluation.protocol(), seed);
  }

  List<Runner.Planned> plan() {
    String unfinished = Files.exists(fitFolder) ? "resume" : "new";
    List<Runner.Planned> planned = new ArrayList<>();
    for (ScoredSplit split : splits()) {
      String state = finished(split, why -> {}).isPresent() ? "done" : unfinished;
      planned.add(
          new Runner.Planned(encoder.name(), split.name(), seed, state, place(split).result()));
    }
    return planned;
  }

  /** Runs the missing parts; the outcomes are in the order of the splits. */
  List<Outcome> run() throws IOException {
    Map<String, Outcome> outcomes = reuse(log);
    if (outcomes.size() < splits().size()) {
      try (TrainingFolderLock lock = TrainingFolderLock.take(fitFolder)) {
        // Another process may have finished them before it gave the lock back.
        outcomes = reuse(why -> {});
        measure(outcomes, lock.holdsCheckpoint());
      }
      if (outcomes.values().stream().noneMatch(o -> o.kind() == Outcome.Kind.FAILED)) {
        FileTree.delete(fitFolder);
      }
    }
    return inOrder(outcomes);
  }

  private List<Outcome> inOrder(Map<String, Outcome> outcomes) {
    List<Outcome> ordered = new ArrayList<>();
    splits()
        .forEach(split -> Optional.ofNullable(outcomes.get(split.name())).ifPresent(ordered::add));
    return ordered;
  }

  private Map<String, Outcome> reuse(Consumer<String> why) {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    for (ScoredSplit split : splits()) {
      Path file = place(split).result();
      finished(split, why)
          .ifPresent(
              result -> {
                why.accept(title(split) + ": stored already, not run again: " + file);
                outcomes.put(split.name(), new Outcome(Outcome.Kind.REUSED, file, result));
              });
    }
    return outcomes;
  }

  private void measure(Map<String, Outcome> outcomes, boolean resumed) throws IOException {
    List<ScoredSplit> missing =
        splits().stream().filter(split -> !outcomes.containsKey(split.name())).toList();
    if (missing.isEmpty()) {
      return;
    }
    ImageSet train = labelled();
    Stopwatch watch = new Stopwatch(clock);
    log.accept(
        title(missing.get(0))
            + ": training on "
            + train.images().size()
            + " images" //
            + (resumed ? ", continued from a checkpoint" : ""));
    encoder.notes().forEach(note -> log.accept(encoder.name() + ": " + note));
    int images = train.images().size();
    ResultBuilder record =
        new ResultBuilder(
            evaluation, encoder, digest, seed, images, resumed, fitFolder, flops(), leaks(missing));
    try (FittedModel model = watch.time("train", () -> evaluation.task().fit(fit(train)))) {
      for (ScoredSplit split : missing) {
        outcomes.put(split.name(), score(model, split, record, watch.copy()));
      }
    } catch (BadInput e) {
      throw e;
    } catch (RuntimeException | IOException | OutOfMemoryError e) {
      for (ScoredSplit split : missing) {
        outcomes.computeIfAbsent(split.name(), name -> failed(split, record, watch, e));
      }
    }
  }

  private Optional<Long> flops() {
    return flops.computeIfAbsent(
        digest,
        key ->
            encoder.hasSpec()
                ? Optional.of(EncoderSummary.flopsToLevels(encoder))
                : Optional.empty());
  }

  /** Checks each split for images of the encoder's pretraining. */
  private Map<String, DataLeak> leaks(List<ScoredSplit> splits) throws IOException {
    Map<String, DataLeak> leaks = new LinkedHashMap<>();
    for (ScoredSplit split : splits) {
      DataLeak leak = guard.check(encoder, split.evaluation());
      log.accept(title(split) + ": leak check: " + leak);
      leaks.put(split.name(), leak);
    }
    return leaks;
  }

  private Outcome score(FittedModel model, ScoredSplit split, ResultBuilder record, Stopwatch watch)
      throws IOException {
    RunLocation place = place(split);
    try {
      log.accept(title(split) + ": predicting " + split.evaluation().images().size() + " images");
      Result result =
          new SplitScorer(evaluation, split, place, fitFolder, watch).measure(model, record);
      Result stored = ResultFile.write(place.result(), result);
      boolean ok = stored.status() == Result.Status.OK;
      log.accept(title(split) + ": " + (ok ? "stored" : stored.reason()) + ": " + place.result());
      return new Outcome(ok ? Outcome.Kind.MEASURED : Outcome.Kind.FAILED, place.result(), stored);
    } catch (BadInput e) {
      throw e;
    } catch (RuntimeException | IOException | OutOfMemoryError e) {
      return failed(split, record, watch, e);
    }
  }

  private Outcome failed(ScoredSplit split, ResultBuilder record, Stopwatch watch, Throwable why) {
    Path file = place(split).result();
    Result stored = ResultFile.write(file, record.failed(split, watch, why));
    log.accept(title(split) + ": failed: " + stored.reason() + " (" + file + ")");
    return new Outcome(Outcome.Kind.FAILED, file, stored);
  }

  private FitRequest fit(ImageSet train) {
    return new FitRequest(
        encoder,
        evaluation.protocol(),
        train,
        seed,
        fitFolder,
        store.features(),
        evaluation.threads(),
        evaluation.device(),
        evaluation.determinismSteps(),
        evaluation.trace());
  }

  /** The training split, reduced to the protocol's share of it. */
  private ImageSet labelled() {
    double fraction = evaluation.protocol().labelFraction();
    ImageSet all = evaluation.data().train();
    return fraction == 1 ? all : all.sample(fraction, evaluation.protocol().labelSeed());
  }

  private Optional<Result> finished(ScoredSplit split, Consumer<String> why) {
    Digests asked =
        new Digests(digest, evaluation.protocol().fingerprint(), split.fingerprint(), seed);
    return place(split).finished(asked, why);
  }

  private List<ScoredSplit> splits() {
    return ScoredSplit.of(evaluation.data());
  }

  private RunLocation place(ScoredSplit split) {
    return store.place(
        encoder.name(), digest, evaluation.task(), split, evaluation.protocol(), seed);
  }

  private String title(ScoredSplit split) {
    return encoder.name() + " " + evaluation.task().name() + " " + split.name() + " seed " + seed;
  }
}
