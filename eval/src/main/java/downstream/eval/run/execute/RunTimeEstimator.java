package downstream.eval.run.execute;

import downstream.eval.FileTree;
import downstream.eval.data.DataSet;
import downstream.eval.data.ImageSet;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.RunStore;
import downstream.eval.run.ScoredSplit;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * Estimator of the time that one run will take on this machine: as long as a stored one did, or by
 * a few steps on a few images.
 *
 * <p>At most {@link #MOST_IMAGES} images are read, whatever the protocol's batch: a larger batch is
 * timed at that size and its steps are taken to last longer in proportion.
 */
public final class RunTimeEstimator {
  private static final int FEW = 2;
  private static final int MORE = 6;
  private static final int WARM_UP_IMAGES = 8;
  private static final int TIMED_IMAGES = 32;
  private static final int MOST_IMAGES = 64;

  private final EvaluationRequest evaluation;
  private final LongSupplier nanos;
  private final Protocol protocol;
  private final double batchRatio;
  private final DataSet data;
  private final Path folder;

  /** Seconds of a short training, and of predicting the images of one split. */
  private record Timed(double train, double predict) {}

  private RunTimeEstimator(EvaluationRequest evaluation, LongSupplier nanos, Path folder) {
    this.evaluation = evaluation;
    this.nanos = nanos;
    this.folder = folder;
    OptionalInt batch = evaluation.protocol().batch();
    int timed = Math.min(batch.orElse(1), MOST_IMAGES);
    protocol = batch.isPresent() ? evaluation.protocol().withBatch(timed) : evaluation.protocol();
    batchRatio = batch.orElse(1) / (double) timed;
    data = EvaluationRequest.limited(evaluation.data(), Math.max(TIMED_IMAGES, timed));
  }

  /**
   * Seconds of one run of the first encoder on all splits.
   *
   * @return empty if no run of this protocol is stored and it has too few steps to tell
   * @throws downstream.eval.BadInput if encoder, protocol and data do not go together
   */
  public static OptionalDouble seconds(EvaluationRequest evaluation, RunStore store)
      throws IOException {
    return seconds(evaluation, store, System::nanoTime);
  }

  static OptionalDouble seconds(EvaluationRequest evaluation, RunStore store, LongSupplier nanos)
      throws IOException {
    List<ScoredSplit> splits = ScoredSplit.of(evaluation.data());
    OptionalDouble stored =
        splits.stream()
            .flatMap(
                split ->
                    evaluation.seeds().stream()
                        .flatMap(
                            seed ->
                                store
                                    .ofAnyEncoder(
                                        evaluation.task(), split, evaluation.protocol(), seed)
                                    .stream()))
            .filter(run -> !run.time().resumed())
            .mapToDouble(
                run -> run.time().phases().values().stream().mapToDouble(Double::doubleValue).sum())
            .average();
    OptionalInt steps = evaluation.protocol().steps();
    if (stored.isPresent() || (steps.isPresent() && steps.getAsInt() <= MORE)) {
      return stored;
    }
    Path folder = Files.createTempDirectory("downstream-pilot");
    try {
      RunTimeEstimator estimator = new RunTimeEstimator(evaluation, nanos, folder);
      return OptionalDouble.of(steps.isPresent() ? estimator.measure() : estimator.measureImages());
    } finally {
      FileTree.delete(folder);
    }
  }

  private double measure() throws IOException {
    // Engines start and code is compiled in the first run, whose time counts for nothing.
    run(protocol.withSteps(FEW), EvaluationRequest.limited(data, WARM_UP_IMAGES), "warm-up");
    Timed first = run(protocol.withSteps(FEW), data, "first");
    // A frozen encoder's features are stored by the first run and found by the later ones.
    Timed few = protocol.frozen() ? run(protocol.withSteps(FEW), data, "first") : first;
    Timed more = run(protocol.withSteps(MORE), data, protocol.frozen() ? "first" : "more");
    double features = Math.max(0, first.train() - few.train()) * imageRatio();
    double step = Math.max(0, more.train() - few.train()) / (MORE - FEW) * batchRatio;
    int steps = protocol.steps().orElseThrow();
    return few.train() + features + step * (steps - FEW) + predictAll(first);
  }

  /**
   * Estimates the time from a part of the images, where nothing is trained step by step, as in a
   * nearest-neighbour vote.
   */
  private double measureImages() throws IOException {
    run(protocol, EvaluationRequest.limited(data, WARM_UP_IMAGES), "warm-up");
    Timed part = run(protocol, data, "first");
    return part.train() * imageRatio() + predictAll(part);
  }

  /** Returns the number of training images of the whole run as a multiple of the part's. */
  private double imageRatio() {
    double images = evaluation.data().train().images().size() * protocol.labelFraction();
    return images / data.train().images().size();
  }

  /** Seconds of predicting every image of every split. */
  private double predictAll(Timed part) {
    long images =
        evaluation.data().evaluation().values().stream().mapToLong(s -> s.images().size()).sum();
    return part.predict() / predicted(data).images().size() * images;
  }

  private static ImageSet predicted(DataSet data) {
    return data.evaluation().values().iterator().next();
  }

  private Timed run(Protocol protocol, DataSet images, String features) throws IOException {
    Path fitFolder = Files.createTempDirectory(folder, "fit");
    long start = nanos.getAsLong();
    FitRequest request =
        new FitRequest(
            evaluation.encoders().get(0),
            protocol,
            images.train(),
            evaluation.seeds().get(0),
            fitFolder,
            folder.resolve(features),
            evaluation.threads(),
            evaluation.device(),
            0);
    try (FittedModel model = evaluation.task().fit(request)) {
      long trained = nanos.getAsLong();
      model.predict(predicted(images), fitFolder.resolve(evaluation.task().predictionsFile()));
      return new Timed((trained - start) * 1e-9, (nanos.getAsLong() - trained) * 1e-9);
    }
  }
}
