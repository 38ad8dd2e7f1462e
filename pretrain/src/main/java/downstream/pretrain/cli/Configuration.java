package downstream.pretrain.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.pretraining.Pretrainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The input of a pretraining, from a settings file and the options that override it. Resolved, it
 * is a file that can be given to --config: the method's settings, and beside them {@code method},
 * {@code images}, {@code limit} and {@code seed}.
 *
 * @param images sources as on the command line
 * @param limit how many images to take; none takes all
 * @param settings every setting of the method
 */
record Configuration(
    String method, List<String> images, OptionalInt limit, long seed, ObjectNode settings) {
  private static final String METHOD = "method";
  private static final String IMAGES = "images";
  private static final String LIMIT = "limit";
  private static final String SEED = "seed";

  Configuration {
    images = List.copyOf(images);
    settings = settings.deepCopy();
    if (images.isEmpty()) {
      throw new BadInput(
          "--images", "no source is given", "Give a folder of images or a data YAML");
    }
    if (limit.isPresent() && limit.getAsInt() < 1) {
      throw new BadInput("limit", limit.getAsInt() + " images", "Give at least 1 image");
    }
  }

  /** The options of the command line; what is absent is taken from the file. */
  record Flags(
      String preset,
      Optional<Path> file,
      List<String> assignments,
      List<String> images,
      OptionalInt limit,
      OptionalLong seed) {}

  /**
   * Reads the file, if there is one; options override it, and both override the preset.
   *
   * @throws BadInput on an unknown key (naming the nearest), a value of the wrong type or out of
   *     range, or a file of another method
   */
  static Configuration resolve(Pretrainer method, Flags flags) {
    ObjectNode given =
        flags.file().map(InputOptions::read).orElseGet(Json.MAPPER::createObjectNode);
    Object where = flags.file().<Object>map(file -> file).orElse("settings");
    String declared = given.path(METHOD).asText(method.name());
    if (!declared.equals(method.name())) {
      throw new BadInput(
          where,
          "is for method '" + declared + "', not '" + method.name() + "'",
          "Run 'pretrain " + declared + "', or remove the line 'method'");
    }
    List<String> images = flags.images().isEmpty() ? texts(where, given) : flags.images();
    OptionalInt limit = flags.limit();
    if (limit.isEmpty() && given.has(LIMIT)) {
      limit = OptionalInt.of((int) whole(where, given, LIMIT));
    }
    long seed = flags.seed().orElse(given.has(SEED) ? whole(where, given, SEED) : 0);
    given.remove(List.of(METHOD, IMAGES, LIMIT, SEED));
    flags.assignments().forEach(assignment -> Json.assign(given, assignment));
    return new Configuration(
        method.name(), images, limit, seed, settings(where, method.preset(flags.preset()), given));
  }

  private static ObjectNode settings(Object where, Record defaults, ObjectNode given) {
    ObjectNode merged = Json.over(Json.MAPPER.valueToTree(defaults), given);
    return Json.MAPPER.valueToTree(Json.as(where, merged, defaults.getClass()));
  }

  private static List<String> texts(Object where, ObjectNode given) {
    List<String> texts = new ArrayList<>();
    JsonNode images = given.path(IMAGES);
    if (!images.isMissingNode() && !images.isArray()) {
      throw new BadInput(where, "'images' is not a list: " + images, "Write a list: [folder, …]");
    }
    images.forEach(source -> texts.add(source.asText()));
    return texts;
  }

  private static long whole(Object where, ObjectNode given, String key) {
    JsonNode value = given.path(key);
    if (!value.isIntegralNumber()) {
      throw new BadInput(
          where, "'" + key + "' is not a whole number: " + value, "Write digits only, as in 42");
    }
    return value.asLong();
  }

  /** The content of a file that can be given to --config. */
  ObjectNode resolved() {
    ObjectNode all = settings.deepCopy();
    all.put(METHOD, method);
    all.set(IMAGES, Json.MAPPER.valueToTree(images));
    limit.ifPresent(value -> all.put(LIMIT, value));
    all.put(SEED, seed);
    return all;
  }
}
