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

/**
 * Estimator of the time that one run will take on this machine: as long as a stored one did, or by
 * a few steps of it.
 */
public final class RunTimeEstimator {
  private static final int FEW = 2;
  private static final int MORE = 6;
  private static final int TIMED_IMAGES = 32;

  private final EvaluationRequest evaluation;
  private final DataSet data;

  /** Seconds of a short training, and of predicting {@link #TIMED_IMAGES} images or all. */
  private record Timed(double train, double predict) {}

  private RunTimeEstimator(EvaluationRequest evaluation) {
    this.evaluation = evaluation;
    int batch = evaluation.protocol().batch().orElse(1);
    this.data = EvaluationRequest.limited(evaluation.data(), Math.max(TIMED_IMAGES, MORE * batch));
  }

  /**
   * Seconds of one run of the first encoder on all splits.
   *
   * @return empty if no run of this protocol is stored and it has too few steps to tell
   * @throws downstream.eval.BadInput if encoder, protocol and data do not go together
   */
  public static OptionalDouble seconds(EvaluationRequest evaluation, RunStore store)
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
    RunTimeEstimator estimator = new RunTimeEstimator(evaluation);
    return OptionalDouble.of(
        steps.isPresent() ? estimator.measure(steps.getAsInt()) : estimator.measure());
  }

  /**
   * Estimates the time from a part of the images, where nothing is trained step by step, as in a
   * nearest-neighbour vote.
   */
  private double measure() throws IOException {
    Timed part = run(evaluation.protocol());
    double train = evaluation.data().train().images().size();
    return part.train() * train / data.train().images().size() + predictAll(part);
  }

  private double measure(int steps) throws IOException {
    Timed few = run(evaluation.protocol().withSteps(FEW));
    Timed more = run(evaluation.protocol().withSteps(MORE));
    double step = Math.max(0, more.train() - few.train()) / (MORE - FEW);
    return few.train() + step * (steps - FEW) + predictAll(more);
  }

  /** Seconds of predicting every image of every split. */
  private double predictAll(Timed part) {
    ImageSet predicted = data.evaluation().values().iterator().next();
    long images =
        evaluation.data().evaluation().values().stream().mapToLong(s -> s.images().size()).sum();
    return part.predict() / predicted.images().size() * images;
  }

  private Timed run(Protocol protocol) throws IOException {
    Path folder = Files.createTempDirectory("downstream-pilot");
    try {
      long start = System.nanoTime();
      try (FittedModel model = evaluation.task().fit(fit(protocol, folder))) {
        long trained = System.nanoTime();
        model.predict(
            data.evaluation().values().iterator().next(),
            folder.resolve(evaluation.task().predictionsFile()));
        return new Timed((trained - start) * 1e-9, (System.nanoTime() - trained) * 1e-9);
      }
    } finally {
      FileTree.delete(folder);
    }
  }

  private FitRequest fit(Protocol protocol, Path folder) {
    return new FitRequest(
        evaluation.encoders().get(0),
        protocol,
        data.train(),
        evaluation.seeds().get(0),
        folder.resolve("fit"),
        folder.resolve("features"),
        evaluation.threads(),
        evaluation.device(),
        0);
  }
}
