package downstream.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Turns trees of JSON or YAML into records, and says in a user's words what is wrong with one. */
final class Records {
  private static final int SHOWN = 60;

  private Records() {}

  /** Converts a JSON object to a record, as {@link Json#as} does. */
  static <T> T of(Object where, JsonNode tree, Class<T> type) {
    refuseUnknownKeys(where, tree, type);
    try {
      return Json.MAPPER.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw explained(where, tree, type, e);
    }
  }

  private static BadInput explained(
      Object where, JsonNode tree, Class<?> type, JsonProcessingException e) {
    Throwable cause = e.getCause();
    if (cause instanceof BadInput bad) {
      return bad;
    }
    if (cause instanceof NullPointerException) {
      return missing(where, tree, type, e);
    }
    if (cause instanceof IllegalArgumentException) {
      return new BadInput(
          where, String.valueOf(cause.getMessage()), "Change it to an allowed value", e);
    }
    return new BadInput(where, place(e) + problem(tree, e), "Change it to an allowed value", e);
  }

  private static BadInput missing(
      Object where, JsonNode tree, Class<?> type, JsonProcessingException e) {
    boolean nested = e instanceof ValueInstantiationException;
    Class<?> record = nested ? ((ValueInstantiationException) e).getType().getRawClass() : type;
    List<String> found = keys(at(tree, e));
    List<String> absent = known(record).stream().filter(key -> !found.contains(key)).toList();
    String problem = "a key is missing; found " + found;
    return new BadInput(where, place(e) + problem, "Add the missing key, one of " + absent, e);
  }

  /** The key that a value of the wrong type stands under, with its parents. */
  private static String place(JsonProcessingException e) {
    if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return mapping.getPath().stream()
          .map(step -> step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName())
          .collect(Collectors.joining(".", "key '", "': "));
    }
    return "";
  }

  private static String problem(JsonNode tree, JsonProcessingException e) {
    if (!(e instanceof MismatchedInputException mismatch) || mismatch.getTargetType() == null) {
      return Json.firstLine(e);
    }
    JsonNode found = at(tree, e);
    String value = found.isMissingNode() ? "nothing" : "'" + text(found) + "'";
    return "expected " + kind(mismatch.getTargetType()) + ", found " + value;
  }

  private static String text(JsonNode node) {
    String text = node.isTextual() ? node.asText() : node.toString();
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  private static String kind(Class<?> type) {
    Class<?> boxed = MethodType.methodType(type).wrap().returnType();
    if (boxed == Boolean.class) {
      return "true or false";
    }
    if (boxed.isEnum()) {
      return Arrays.stream(boxed.getEnumConstants())
          .map(constant -> Json.MAPPER.valueToTree(constant).asText())
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    if (Number.class.isAssignableFrom(boxed)) {
      return boxed == Double.class || boxed == Float.class ? "a number" : "a whole number";
    }
    if (Collection.class.isAssignableFrom(boxed)) {
      return "a list";
    }
    return boxed == String.class ? "text" : "keys and values";
  }

  private static JsonNode at(JsonNode tree, JsonProcessingException e) {
    JsonNode node = tree;
    if (e instanceof JsonMappingException mapping) {
      for (JsonMappingException.Reference step : mapping.getPath()) {
        node =
            step.getFieldName() == null
                ? node.path(step.getIndex())
                : node.path(step.getFieldName());
      }
    }
    return node;
  }

  /**
   * Refuses unknown keys before anything else, since a misspelt key also leaves another one
   * missing. Looks into nested records, also in lists and maps.
   */
  private static void refuseUnknownKeys(Object where, JsonNode tree, Type type) {
    if (type instanceof ParameterizedType generic) {
      Type inner = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      if (generic.getRawType() == Optional.class) {
        refuseUnknownKeys(where, tree, inner);
      } else if (generic.getRawType() == List.class || generic.getRawType() == Map.class) {
        tree.forEach(element -> refuseUnknownKeys(where, element, inner));
      }
    } else if (type instanceof Class<?> record && record.isRecord() && tree.isObject()) {
      refuseUnknownKeysOf(where, tree, record);
    }
  }

  private static void refuseUnknownKeysOf(Object where, JsonNode tree, Class<?> record) {
    for (String key : keys(tree)) {
      if (!known(record).contains(key)) {
        throw new BadInput(
            where,
            "unknown key '" + key + "'",
            "Did you mean '" + Json.nearest(key, known(record)) + "'? Known: " + known(record));
      }
    }
    for (RecordComponent component : record.getRecordComponents()) {
      refuseUnknownKeys(where, tree.path(key(record, component)), component.getGenericType());
    }
  }

  private static List<String> keys(JsonNode tree) {
    return tree.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static List<String> known(Class<?> type) {
    return type.isRecord()
        ? Arrays.stream(type.getRecordComponents()).map(c -> key(type, c)).sorted().toList()
        : List.of();
  }

  /** The key of a component: its name, in snake_case where the record's files are. */
  private static String key(Class<?> record, RecordComponent component) {
    JsonNaming naming = record.getAnnotation(JsonNaming.class);
    return naming != null && naming.value() == SnakeCaseStrategy.class
        ? new SnakeCaseStrategy().translate(component.getName())
        : component.getName();
  }
}
