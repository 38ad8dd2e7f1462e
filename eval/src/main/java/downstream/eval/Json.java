package downstream.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * JSON and YAML as this project reads and writes them: sorted keys, full double precision, unknown
 * keys refused.
 */
public final class Json {
  /** Writes keys in sorted order; refuses unknown properties when it reads into a record. */
  public static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          // A record is its components: isWhole() is a question about them.
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .withCoercionConfig(
              LogicalType.Boolean,
              numbers -> numbers.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
          .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .build();

  private static final YAMLMapper YAML =
      YAMLMapper.builder().disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT).build();

  private Json() {}

  /** Canonical JSON on one line, with sorted keys: the same value always gives the same text. */
  public static String canonical(Object value) {
    try {
      return MAPPER.writeValueAsString(tree(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  /** Indented JSON with sorted keys, ending in a newline, UTF-8. */
  public static byte[] pretty(Object value) {
    try {
      return (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree(value)) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  private static JsonNode tree(Object value) {
    return value instanceof JsonNode node ? node : MAPPER.valueToTree(value);
  }

  /** The value as block-style YAML, UTF-8. */
  public static byte[] yaml(Object value) {
    try {
      return YAML.writeValueAsBytes(MAPPER.<JsonNode>valueToTree(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as YAML: " + value.getClass(), e);
    }
  }

  /**
   * Reads a JSON file.
   *
   * @throws BadInput if it does not exist, cannot be read or is not JSON (with line and column)
   */
  public static JsonNode read(Path file) {
    return parse(MAPPER, file, "JSON", () -> Files.newInputStream(file));
  }

  /**
   * Parses what was read from a JSON file.
   *
   * @throws BadInput if it is not JSON (with line and column)
   */
  public static JsonNode read(Path file, byte[] content) {
    return parse(MAPPER, file, "JSON", () -> new ByteArrayInputStream(content));
  }

  /**
   * Reads a YAML file; an empty one is an empty object.
   *
   * @throws BadInput if it does not exist, cannot be read or is not YAML (with line and column)
   */
  public static JsonNode readYaml(Path file) {
    JsonNode node = parse(YAML, file, "YAML", () -> Files.newInputStream(file));
    return node.isMissingNode() || node.isNull() ? MAPPER.createObjectNode() : node;
  }

  /** Parses YAML text; {@code where} names its origin in errors. */
  public static JsonNode parseYaml(Object where, String text) {
    try {
      JsonNode node = YAML.readTree(text);
      return node == null || node.isMissingNode() ? MAPPER.createObjectNode() : node;
    } catch (IOException e) {
      throw new BadInput(
          where, "is not YAML: " + firstLine(e), "Write valid YAML, such as 'key: value'", e);
    }
  }

  /**
   * Sets one value of a tree.
   *
   * @param assignment {@code key=value}, the value in YAML; {@code a.b=value} reaches into a group
   * @throws BadInput if it is nothing of the kind
   */
  public static void assign(ObjectNode tree, String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new BadInput(
          "--set",
          "expected key=value, found '" + assignment + "'",
          "Write e.g. --set schedule.steps=500");
    }
    String[] path = assignment.substring(0, equals).strip().split("\\.", -1);
    ObjectNode group = tree;
    for (int i = 0; i < path.length - 1; i++) {
      group = group.withObjectProperty(path[i]);
    }
    String where = "--set " + assignment;
    group.set(path[path.length - 1], parseYaml(where, assignment.substring(equals + 1)));
  }

  /** The tree {@code base} with every value of {@code changes} in its place, groups key by key. */
  public static ObjectNode over(ObjectNode base, ObjectNode changes) {
    ObjectNode merged = base.deepCopy();
    changes
        .properties()
        .forEach(
            change -> {
              boolean groups =
                  merged.get(change.getKey()) instanceof ObjectNode && change.getValue().isObject();
              merged.set(
                  change.getKey(),
                  groups
                      ? over(
                          (ObjectNode) merged.get(change.getKey()), (ObjectNode) change.getValue())
                      : change.getValue());
            });
    return merged;
  }

  /**
   * Turns a tree into a record.
   *
   * @param where the file or flag the tree came from, for the message
   * @throws BadInput on an unknown key (naming the nearest known one), a value of the wrong type,
   *     or a value that the record's own checks refuse
   */
  public static <T> T as(Object where, JsonNode tree, Class<T> type) {
    return Records.of(where, tree, type);
  }

  /** The known word closest to {@code word} by edit distance. */
  public static String nearest(String word, Collection<String> known) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return known.stream().min(Comparator.comparingInt(k -> distance.apply(word, k))).orElse("");
  }

  /** JSON input that can be opened once. */
  private interface Source {
    InputStream open() throws IOException;
  }

  private static JsonNode parse(ObjectMapper mapper, Path file, String format, Source source) {
    if (Files.isDirectory(file)) {
      throw new BadInput(
          file, "is a folder, not a " + format + " file", "Give the path of a file in it");
    }
    try (var in = source.open()) {
      JsonNode node = mapper.readTree(in);
      return node == null ? mapper.missingNode() : node;
    } catch (JsonProcessingException e) {
      throw new BadInput(
          file,
          "is not "
              + format
              + " (line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + "): "
              + firstLine(e),
          "Copy or download the file again: it may be truncated or damaged",
          e);
    } catch (IOException e) {
      throw BadInput.unreadable(file, e);
    }
  }

  static String firstLine(IOException e) {
    String message =
        e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    return Objects.requireNonNullElse(message, e.toString()).lines().findFirst().orElse("");
  }
}
