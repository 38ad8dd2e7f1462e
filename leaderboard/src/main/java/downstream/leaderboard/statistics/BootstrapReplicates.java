package downstream.leaderboard.statistics;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.run.Result;
import downstream.eval.task.Resampler;
import downstream.eval.task.Task;
import downstream.eval.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Scores of runs with their images drawn again, from the stored statistics; kept in a folder by the
 * digests of statistics and draws. Draws of the same data are the same for all runs, so differences
 * of any two are paired without being computed pair by pair.
 *
 * @param cache where they are kept
 * @param count replicates
 */
public record BootstrapReplicates(Path cache, int count) {
  /** One metric's values, one a replicate, as stored. */
  private record Stored(Map<String, List<Optional<Double>>> metrics) {}

  /**
   * The metric in every replicate; empty if the run has no statistics, or the metric cannot be
   * computed in one of them.
   *
   * @param file the run's JSON file
   * @throws BadInput if the statistics are not what they were when the run was stored
   */
  public Optional<List<Double>> of(Path file, Result run, ImageWeights weights, String metric)
      throws IOException {
    Optional<Result.Artifact> statistics = run.statistics();
    if (statistics.isEmpty()) {
      return Optional.empty();
    }
    List<Optional<Double>> values =
        stored(file, run, weights, statistics.get())
            .metrics()
            .getOrDefault(metric, List.of(Optional.empty()));
    return values.stream().allMatch(Optional::isPresent)
        ? Optional.of(values.stream().map(Optional::orElseThrow).toList())
        : Optional.empty();
  }

  private Stored stored(Path file, Result run, ImageWeights weights, Result.Artifact statistics)
      throws IOException {
    String key =
        new Digest()
            .add(statistics.sha256())
            .add(run.task().version())
            .add(Json.canonical(weights))
            .add("" + count)
            .hex();
    Path kept = cache.resolve(key.substring(0, 32) + ".json");
    if (Files.exists(kept)) {
      return Json.as(kept, Json.read(kept), Stored.class);
    }
    Path source = file.resolveSibling(statistics.path());
    if (!Digest.of(source).equals(statistics.sha256())) {
      throw new BadInput(source, "was changed after the run was stored", "Run `eval` again");
    }
    Stored made = compute(Tasks.named(run.task().name()), source, weights);
    AtomicFile.writeSoon(kept, Json.pretty(made));
    return made;
  }

  private Stored compute(Task task, Path statistics, ImageWeights weights) throws IOException {
    Map<String, List<Optional<Double>>> metrics = new TreeMap<>();
    Resampler resampler = task.resampler(statistics);
    for (int replicate = 0; replicate < count; replicate++) {
      resampler
          .resample(weights.sample(replicate))
          .metrics()
          .forEach(
              (name, value) -> metrics.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }
    return new Stored(metrics);
  }
}
