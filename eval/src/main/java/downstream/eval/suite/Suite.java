package downstream.eval.suite;

import downstream.eval.BadInput;
import downstream.eval.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A checked suite with the paths of all its parts: what has to be made first, and what is then
 * evaluated.
 *
 * @param preparations in an order in which they can be done
 * @param encoders path of each encoder, which may not exist yet
 * @param comparisons which are answered at the end
 */
record Suite(
    List<PrepareStep> preparations,
    Map<String, Path> encoders,
    List<RankedGroup> sections,
    List<PlannedComparison> comparisons,
    boolean board) {
  /** Every cell, those of one encoder together. */
  List<SuiteCell> cells() {
    List<SuiteCell> cells = new ArrayList<>();
    for (String encoder : encoders.keySet()) {
      for (RankedGroup block : sections) {
        if (block.encoders().contains(encoder)) {
          cells.addAll(block.cells(encoder));
        }
      }
    }
    return cells;
  }

  /** The preparations that these need, in order. */
  List<PrepareStep> neededBy(Set<String> names) {
    Set<String> wanted = new HashSet<>(names);
    List<PrepareStep> needed = new ArrayList<>();
    for (int i = preparations.size() - 1; i >= 0; i--) {
      PrepareStep preparation = preparations.get(i);
      if (wanted.contains(preparation.name())) {
        wanted.addAll(preparation.needs());
        needed.add(0, preparation);
      }
    }
    return needed;
  }

  Path encoder(String name) {
    return Optional.ofNullable(encoders.get(name)).orElseThrow();
  }

  /** Refuses a name that is not among those known. */
  static <T> T known(String where, String name, Map<String, T> known) {
    T value = known.get(name);
    if (value == null) {
      throw new BadInput(
          where,
          "'" + name + "' is not in this suite",
          "Did you mean '" + Json.nearest(name, known.keySet()) + "'? Known: " + known.keySet());
    }
    return value;
  }
}
