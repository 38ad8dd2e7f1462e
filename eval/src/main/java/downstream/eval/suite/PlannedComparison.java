package downstream.eval.suite;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A comparison that is chosen before any run: an entry of {@code comparisons} in a suite, or in a
 * file of their own.
 *
 * @param a one side, as {@code compare} takes it
 * @param b the other side
 * @param paired whether values of equal seeds belong together
 * @param images whether the bootstrap over images decides, for the trained models as they are, and
 *     not the seeds
 * @param tasks to compare under; none stands for all
 * @param metrics to compare by; none stands for each task's primary metric
 */
public record PlannedComparison(
    String a, String b, boolean paired, boolean images, List<String> tasks, List<String> metrics) {
  private static final String KEY = "comparisons";

  public PlannedComparison {
    if (a == null || b == null) {
      throw new IllegalArgumentException("expected two sides, a and b");
    }
    tasks = tasks == null ? List.of() : List.copyOf(tasks);
    metrics = metrics == null ? List.of() : List.copyOf(metrics);
  }

  /** The same comparison of sides of other names. */
  PlannedComparison between(String otherA, String otherB) {
    return new PlannedComparison(otherA, otherB, paired, images, tasks, metrics);
  }

  /** A file of comparisons alone. */
  private record Keys(@Nullable List<JsonNode> comparisons) {}

  /**
   * Reads a file whose key {@code comparisons} is a list.
   *
   * @throws downstream.eval.BadInput naming file, field, value and fix
   */
  public static List<PlannedComparison> read(Path file) {
    return of(file, Json.as(file, Json.readYaml(file), Keys.class).comparisons());
  }

  /** Reads the entries of a list, which may be absent. */
  static List<PlannedComparison> of(Object where, @Nullable List<JsonNode> entries) {
    List<PlannedComparison> all = new ArrayList<>();
    for (JsonNode entry : entries == null ? List.<JsonNode>of() : entries) {
      String place = where + ": " + KEY + "[" + all.size() + "]";
      all.add(Json.as(place, entry, PlannedComparison.class));
    }
    return List.copyOf(all);
  }

  /** A file that {@link #read} reads. */
  static byte[] file(List<PlannedComparison> comparisons) {
    return Json.yaml(Map.of(KEY, comparisons));
  }
}
