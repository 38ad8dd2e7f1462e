package downstream.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The two casings of keys: camelCase in YAML settings, snake_case in JSON results and CSV. A result
 * that quotes settings quotes them in snake_case, and they are turned back when it is read.
 */
public final class KeyCase {
  private static final Pattern CAPITAL = Pattern.compile("[A-Z]");
  private static final Pattern UNDERSCORE = Pattern.compile("_([a-z0-9])");

  private KeyCase() {}

  /** {@code learningRate} as {@code learning_rate}. */
  public static String snake(String key) {
    return CAPITAL.matcher(key).replaceAll(m -> "_" + m.group().toLowerCase(Locale.ROOT));
  }

  /** {@code learning_rate} as {@code learningRate}. */
  public static String camel(String key) {
    return UNDERSCORE.matcher(key).replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT));
  }

  /** A copy of settings with every key in snake_case. */
  public static <T extends JsonNode> T snake(T settings) {
    return renamed(settings, KeyCase::snake);
  }

  /** A copy of quoted settings with every key in camelCase again. */
  public static <T extends JsonNode> T camel(T quoted) {
    return renamed(quoted, KeyCase::camel);
  }

  @SuppressWarnings("unchecked") // a copy is of the same kind of node
  private static <T extends JsonNode> T renamed(T tree, UnaryOperator<String> name) {
    if (tree instanceof ObjectNode object) {
      ObjectNode copy = Json.MAPPER.createObjectNode();
      object
          .properties()
          .forEach(e -> copy.set(name.apply(e.getKey()), renamed(e.getValue(), name)));
      return (T) copy;
    }
    if (tree instanceof ArrayNode array) {
      ArrayNode copy = Json.MAPPER.createArrayNode();
      array.forEach(element -> copy.add(renamed(element, name)));
      return (T) copy;
    }
    return tree;
  }
}
