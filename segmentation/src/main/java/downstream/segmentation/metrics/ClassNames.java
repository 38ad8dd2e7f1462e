package downstream.segmentation.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.image.LabelMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Class names that {@code --classes} gives: a number, a text file of names, or a YAML that lists
 * them.
 */
public final class ClassNames {
  private ClassNames() {}

  /**
   * The names of the classes 0 to C−1.
   *
   * @param ignored values that are no class; of a file their names are left out
   * @throws BadInput if it is no number and no such file, or names none, too many, or one twice
   */
  public static List<String> of(String classes, Set<Integer> ignored) throws IOException {
    List<String> names =
        classes.matches("\\d{1,9}")
            ? IntStream.range(0, Integer.parseInt(classes)).mapToObj(Integer::toString).toList()
            : remaining(read(Path.of(classes)), ignored);
    if (names.isEmpty() || names.size() > LabelMap.IGNORE) {
      throw new BadInput(
          "--classes",
          "expected 1 to 255 classes, found " + names.size() + " in '" + classes + "'",
          "Give their number, or a text file with a name on each line");
    }
    if (Set.copyOf(names).size() < names.size()) {
      throw new BadInput(
          "--classes", "'" + classes + "' names a class twice", "Rename one of them");
    }
    return names;
  }

  /** Writes the names as {@link #of} reads them: a text file with a name on each line. */
  public static void write(Path file, List<String> names) {
    AtomicFile.write(file, (String.join("\n", names) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new BadInput(
          "--classes",
          "expected a number or a text file, found '" + file + "', which is not a file",
          "Give the number of classes, or a file with a name on each line");
    }
    if (file.toString().matches(".*\\.ya?ml")) {
      return listed(file);
    }
    return Files.readAllLines(file).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  /** A list, or the list under {@code classes}, which may name a text file as a data YAML does. */
  private static List<String> listed(Path file) throws IOException {
    JsonNode tree = Json.readYaml(file);
    JsonNode classes = tree.isArray() ? tree : tree.path("classes");
    if (classes.isTextual()) {
      return read(file.resolveSibling(classes.asText()));
    }
    List<String> names = new ArrayList<>();
    classes.forEach(name -> names.add(name.asText().strip()));
    return names;
  }

  /** The names without those of ignored values. */
  private static List<String> remaining(List<String> names, Set<Integer> ignored) {
    return IntStream.range(0, names.size())
        .filter(value -> !ignored.contains(value))
        .mapToObj(names::get)
        .toList();
  }
}
