package downstream.eval.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parameters of a suite: {@code $name} in its texts stands for the value of a parameter. */
final class SuiteParameters {
  private static final Pattern NAME = Pattern.compile("\\$([A-Za-z][A-Za-z0-9]*)");

  private final Object where;
  private final Map<String, String> values = new TreeMap<>();

  /**
   * @param defaults the suite's {@code parameters}; null where a value must be given
   * @param assignments {@code name=value}
   * @throws BadInput if a name is unknown, or a value is missing
   */
  SuiteParameters(Object where, JsonNode defaults, List<String> assignments) {
    this.where = where;
    List<String> known = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : defaults.properties()) {
      known.add(entry.getKey());
      if (!entry.getValue().isNull()) {
        values.put(entry.getKey(), entry.getValue().asText());
      }
    }
    assignments.forEach(assignment -> assign(assignment, known));
    known.removeAll(values.keySet());
    if (!known.isEmpty()) {
      String first = known.get(0);
      throw new BadInput(
          where, "parameter '" + first + "' has no value", "Give --set " + first + "=VALUE");
    }
  }

  private void assign(String assignment, List<String> known) {
    int equals = assignment.indexOf('=');
    String name = equals < 1 ? assignment : assignment.substring(0, equals);
    if (equals < 1 || !known.contains(name)) {
      throw new BadInput(
          "--set " + assignment,
          "is not NAME=VALUE of a parameter of " + where,
          "Did you mean '" + Json.nearest(name, known) + "'? Known: " + known);
    }
    values.put(name, assignment.substring(equals + 1));
  }

  /** The tree with values in place of names. */
  JsonNode fill(JsonNode tree) {
    if (tree instanceof ObjectNode object) {
      ObjectNode filled = Json.MAPPER.createObjectNode();
      object.properties().forEach(entry -> filled.set(entry.getKey(), fill(entry.getValue())));
      return filled;
    }
    if (tree instanceof ArrayNode array) {
      ArrayNode filled = Json.MAPPER.createArrayNode();
      array.forEach(element -> filled.add(fill(element)));
      return filled;
    }
    return tree.isTextual() ? fill(tree.asText()) : tree;
  }

  /** A text that is nothing but a name becomes what its value is in YAML: a number, say. */
  private JsonNode fill(String text) {
    if (NAME.matcher(text).matches()) {
      return Json.parseYaml(where, value(text.substring(1)));
    }
    Matcher names = NAME.matcher(text);
    return TextNode.valueOf(
        names.replaceAll(found -> Matcher.quoteReplacement(value(found.group(1)))));
  }

  private String value(String name) {
    if (!values.containsKey(name)) {
      throw new BadInput(
          where,
          "'$" + name + "' is not a parameter",
          "Did you mean '$" + Json.nearest(name, values.keySet()) + "'? Known: " + values.keySet());
    }
    return Objects.requireNonNull(values.get(name));
  }
}
