package downstream.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds protocols, applies assignments to them and fills in what they leave open. */
public final class Protocols {
  private Protocols() {}

  /**
   * A protocol with every field resolved: the file's value, overridden by the assignments, else the
   * default of the task's record.
   *
   * @param nameOrFile a bundled protocol of the task, or a YAML file
   * @param assignments {@code key=value}, the value in YAML; {@code a.b=value} reaches into a
   *     nested record
   * @throws BadInput if there is no such protocol, a key is unknown (naming the nearest) or a value
   *     is refused
   */
  public static Protocol load(Task task, String nameOrFile, List<String> assignments) {
    boolean bundled = task.protocols().contains(nameOrFile);
    ObjectNode given = bundled ? resource(task, nameOrFile) : file(task, nameOrFile);
    assignments.forEach(assignment -> Json.assign(given, assignment));
    String name = bundled ? nameOrFile : stem(Path.of(nameOrFile));
    return resolve(task, name, given);
  }

  /** The given fields checked by the task's record, whose defaults fill in the rest. */
  static Protocol resolve(Task task, String name, ObjectNode given) {
    Record settings = Json.as(where(task, name), given, task.protocolType());
    ObjectNode fields = Json.MAPPER.valueToTree(settings);
    return new Protocol(task.name(), task.version(), name, fields);
  }

  private static String where(Task task, String name) {
    return "protocol " + task.name() + "/" + name;
  }

  private static ObjectNode resource(Task task, String name) {
    String path = "/protocols/" + task.name() + "/" + name + ".yaml";
    try (InputStream in = task.getClass().getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("task " + task.name() + " does not bundle " + path);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return object(where(task, name), Json.parseYaml(path, text));
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + path, e);
    }
  }

  private static ObjectNode file(Task task, String nameOrFile) {
    Path file = Path.of(nameOrFile);
    if (!Files.isRegularFile(file)) {
      List<String> known = task.protocols().stream().sorted().toList();
      throw new BadInput(
          where(task, nameOrFile),
          "is neither a protocol of this task nor a file",
          "Did you mean '" + Json.nearest(nameOrFile, known) + "'? Known: " + known);
    }
    return object(file, Json.readYaml(file));
  }

  private static ObjectNode object(Object where, JsonNode tree) {
    if (tree instanceof ObjectNode object) {
      return object;
    }
    throw new BadInput(
        where,
        "expected 'key: value' lines, found " + tree.getNodeType(),
        "Write 'key: value' lines");
  }

  private static String stem(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
  }
}
