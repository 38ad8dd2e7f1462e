package downstream.eval.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Content of a suite's YAML file: docs/guide/suites.md has every key.
 *
 * @param where the file, for messages
 * @param comparisons which are answered at the end
 * @param board whether a leaderboard is built at the end
 */
record SuiteFile(
    Object where,
    Map<String, DataEntry> data,
    Map<String, EncoderEntry> encoders,
    List<Grid> evaluations,
    List<PlannedComparison> comparisons,
    boolean board) {

  /** The file's keys; what stands under names is read afterwards, to name it in messages. */
  private record Keys(
      @Nullable JsonNode parameters,
      @Nullable ObjectNode data,
      @Nullable ObjectNode encoders,
      @Nullable List<JsonNode> evaluations,
      @Nullable List<JsonNode> comparisons,
      @Nullable Boolean board) {}

  /**
   * Reads the tree of a suite.
   *
   * @param assignments values of parameters, {@code name=value}
   * @throws BadInput naming file, field, value and fix
   */
  static SuiteFile of(Object where, JsonNode tree, List<String> assignments) {
    JsonNode defaults =
        tree.path("parameters").isObject()
            ? tree.path("parameters")
            : Json.MAPPER.createObjectNode();
    SuiteParameters parameters = new SuiteParameters(where, defaults, assignments);
    ObjectNode open = tree instanceof ObjectNode object ? object.deepCopy() : refuse(where);
    open.remove("parameters");
    Keys keys = Json.as(where, parameters.fill(open), Keys.class);
    if (keys.encoders() == null || keys.encoders().isEmpty()) {
      throw new BadInput(
          where,
          "names no encoders",
          "Add them under the key 'encoders', as 'mine: {file: encoder.onnx}'");
    }
    return new SuiteFile(
        where,
        entries(where, "data", keys.data(), DataEntry.class),
        entries(where, "encoders", keys.encoders(), EncoderEntry.class),
        grids(where, keys.evaluations()),
        PlannedComparison.of(where, keys.comparisons()),
        keys.board() == null || keys.board());
  }

  private static ObjectNode refuse(Object where) {
    throw new BadInput(
        where, "holds no 'key: value' lines", "Write 'key: value' lines (docs/guide/suites.md)");
  }

  private static <T> Map<String, T> entries(
      Object where, String key, @Nullable ObjectNode group, Class<T> type) {
    Map<String, T> entries = new LinkedHashMap<>();
    if (group != null) {
      group
          .properties()
          .forEach(
              entry -> {
                String place = where + ": " + key + "." + entry.getKey();
                checkName(place, entry.getKey());
                entries.put(entry.getKey(), Json.as(place, entry.getValue(), type));
              });
    }
    return entries;
  }

  /** Names become folders beside {@code runs} and {@code board}. */
  private static void checkName(String place, String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || List.of("runs", "board").contains(name)) {
      throw new BadInput(
          place, "cannot be a folder's name", "Use letters and digits, but not 'runs' or 'board'");
    }
  }

  private static List<Grid> grids(Object where, @Nullable List<JsonNode> evaluations) {
    List<Grid> grids = new ArrayList<>();
    for (JsonNode evaluation : evaluations == null ? List.<JsonNode>of() : evaluations) {
      String place = where + ": evaluations[" + grids.size() + "]";
      grids.add(Json.as(place, evaluation, Grid.class));
    }
    return grids;
  }
}
