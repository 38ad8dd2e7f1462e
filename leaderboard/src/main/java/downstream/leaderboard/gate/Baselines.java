package downstream.leaderboard.gate;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Json;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A file of baselines, {@code baselines.yaml}.
 *
 * @param confidence of the prediction intervals: a training whose seeds alone differ is called
 *     drifted with a probability of at most one minus this
 */
public record Baselines(String schema, double confidence, List<Baseline> baselines) {
  public static final String SCHEMA = "downstream/baselines/1";

  /** One false alarm in a hundred decisions. */
  public static final double CONFIDENCE = 0.99;

  public Baselines {
    baselines = List.copyOf(baselines);
    if (!schema.equals(SCHEMA)) {
      throw new IllegalArgumentException(
          "expected schema '" + SCHEMA + "', found '" + schema + "'");
    }
    if (!(confidence > 0.5 && confidence < 1)) {
      throw new IllegalArgumentException(
          "expected a confidence between 0.5 and 1, found " + confidence);
    }
    Set<String> ids = new HashSet<>();
    for (Baseline baseline : baselines) {
      if (!ids.add(baseline.id())) {
        throw new IllegalArgumentException("baseline " + baseline.id() + " is listed twice");
      }
    }
  }

  /**
   * Reads a file.
   *
   * @throws BadInput if it is not there or is no file of baselines
   */
  public static Baselines read(Path file) {
    return Json.as(file, Json.readYaml(file), Baselines.class);
  }

  /** Writes the file, atomically. */
  public void write(Path file) {
    AtomicFile.write(file, Json.yaml(this));
  }

  /**
   * The one of this id.
   *
   * @throws BadInput if there is none, naming the nearest
   */
  public Baseline named(String id) {
    return baselines.stream()
        .filter(baseline -> baseline.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> {
              List<String> ids = baselines.stream().map(Baseline::id).toList();
              return new BadInput(
                  "baseline '" + id + "'",
                  "no baseline has this id",
                  "Did you mean '" + Json.nearest(id, ids) + "'?");
            });
  }
}
