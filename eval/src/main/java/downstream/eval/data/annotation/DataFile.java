package downstream.eval.data.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.image.ImageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A data YAML: what the splits of a data set are made of.
 *
 * @param file the YAML, for messages and as the base of relative paths
 * @param name of the set
 * @param classes names by number: of label-map values from 0, of VOC's objects from 1
 * @param ignore label-map values that belong to no class
 * @param lenient whether what is defective is left out with a warning
 * @param splits {@code train} and the evaluation splits, by name
 */
public record DataFile(
    Path file,
    String name,
    List<String> classes,
    Set<Integer> ignore,
    boolean lenient,
    Map<String, List<Source>> splits) {
  public static final String TRAIN = "train";

  /** Name of value 0 where {@code reduceZeroLabel} removes it. */
  private static final String NO_CLASS = "(none)";

  /** The keys as the file has them. */
  record Keys(
      @Nullable String name,
      @Nullable JsonNode classes,
      @Nullable List<Integer> ignore,
      boolean reduceZeroLabel,
      boolean lenient,
      @Nullable JsonNode train,
      @Nullable JsonNode val,
      @Nullable JsonNode evaluate) {}

  /**
   * Reads a data YAML, or the {@code data.yaml} of a folder.
   *
   * @throws BadInput if it is not there, is not YAML, or a key is unknown, missing or wrong
   */
  public static DataFile read(Path yamlOrFolder) {
    Path file = Files.isDirectory(yamlOrFolder) ? yamlOrFolder.resolve("data.yaml") : yamlOrFolder;
    JsonNode tree = Json.readYaml(file);
    refuseNumbers(file, tree);
    Keys keys = Json.as(file, tree, Keys.class);
    Map<String, List<Source>> splits = splits(file, keys);
    boolean cityscapes = keys.classes == null && isCityscapes(splits);
    List<String> classes = cityscapes ? CityscapesReader.CLASSES : classes(file, keys.classes);
    Set<Integer> ignore = ignore(file, keys.ignore);
    if (cityscapes) {
      ignore.addAll(CityscapesReader.IGNORED);
    }
    if (keys.reduceZeroLabel) {
      classes = shifted(file, classes, ignore);
    }
    String name = keys.name == null ? defaultName(file) : keys.name;
    return new DataFile(file, name, classes, ignore, keys.lenient, splits);
  }

  private static boolean isCityscapes(Map<String, List<Source>> splits) {
    return !splits.isEmpty()
        && splits.values().stream()
            .flatMap(List::stream)
            .allMatch(source -> Format.CITYSCAPES.toString().equals(source.format()));
  }

  /** Value 0 is none and class k is value k + 1, as in ADE20K's files. */
  private static List<String> shifted(Path file, List<String> classes, Set<Integer> ignore) {
    if (ignore.contains(0) || classes.contains(NO_CLASS)) {
      throw new BadInput(
          file,
          "has 'reduceZeroLabel' and also removes value 0 in another way",
          "Keep only one of the two");
    }
    ignore.add(0);
    List<String> shifted = new ArrayList<>(List.of(NO_CLASS));
    shifted.addAll(classes);
    return shifted;
  }

  /** YAML takes a bare {@code 0016E5} for the number 1600000: a text that is not quoted is lost. */
  private static void refuseNumbers(Path file, JsonNode node) {
    for (var entry : node.properties()) {
      if (entry.getValue().isNumber()) {
        throw new BadInput(
            file,
            "'" + entry.getKey() + "' reads as the number " + entry.getValue().asText(),
            "Put the text in quotes");
      }
      refuseNumbers(file, entry.getValue());
    }
    if (node.isArray()) {
      node.forEach(element -> refuseNumbers(file, element));
    }
  }

  private static String defaultName(Path file) {
    Path path = file.toAbsolutePath().normalize();
    Path folder = path.getParent();
    return path.endsWith("data.yaml") && folder != null
        ? String.valueOf(folder.getFileName())
        : ImageFile.stem(path.getFileName().toString());
  }

  private static Map<String, List<Source>> splits(Path file, Keys keys) {
    if (keys.val != null && keys.evaluate != null) {
      throw new BadInput(file, "has both 'val' and 'evaluate'", "List all splits under 'evaluate'");
    }
    Map<String, List<Source>> splits = new TreeMap<>();
    if (keys.evaluate != null) {
      for (var split : keys.evaluate.properties()) {
        splits.put(split.getKey(), sources(file, split.getKey(), split.getValue()));
      }
    }
    if (keys.val != null) {
      splits.put("val", sources(file, "val", keys.val));
    }
    if (splits.containsKey(TRAIN)) {
      throw new BadInput(file, "an evaluation split is called 'train'", "Rename the split");
    }
    if (keys.train != null) {
      splits.put(TRAIN, sources(file, TRAIN, keys.train));
    }
    return splits;
  }

  private static List<Source> sources(Path file, String split, JsonNode list) {
    if (!list.isArray() || list.isEmpty()) {
      String fix = "Write it as a list: [{format: …, images: …}]";
      throw new BadInput(file, "split '" + split + "' has no list of sources", fix);
    }
    List<Source> sources = new ArrayList<>();
    for (JsonNode node : list) {
      String where = file + ": " + split + "[" + sources.size() + "]";
      Source source = Json.as(where, node, Source.class);
      source.layout(where).check(where, source.keys().keySet());
      sources.add(source);
    }
    return sources;
  }

  private static Set<Integer> ignore(Path file, @Nullable List<Integer> values) {
    Set<Integer> ignore = new HashSet<>();
    for (Integer value : values == null ? List.<Integer>of() : values) {
      if (value == null || value < 0 || value > 255) {
        throw new BadInput(
            file, "cannot ignore value '" + value + "'", "Give values from 0 to 255");
      }
      ignore.add(value);
    }
    return ignore;
  }

  private static List<String> classes(Path file, @Nullable JsonNode node) {
    List<String> classes = new ArrayList<>();
    if (node == null || node.isNull()) {
      return classes;
    }
    if (node.isTextual()) {
      classes.addAll(lines(file.resolveSibling(node.asText())));
    } else if (node.isArray()) {
      for (JsonNode name : node) {
        if (!name.isTextual()) {
          throw new BadInput(file, "class '" + name + "' is not text", "Put its name in quotes");
        }
        classes.add(name.asText().strip());
      }
    } else {
      throw new BadInput(file, "'classes' is '" + node + "'", "Give a list of names, or a file");
    }
    Set<String> seen = new HashSet<>();
    for (String name : classes) {
      if (name.isEmpty() || !seen.add(name)) {
        throw new BadInput(
            file, "class '" + name + "' is empty or listed twice", "Give every class its own name");
      }
    }
    return classes;
  }

  /** The lines of a text file without blanks at either end; blank lines at the end do not count. */
  private static List<String> lines(Path file) {
    try {
      return Files.readString(file).strip().lines().map(String::strip).toList();
    } catch (NoSuchFileException e) {
      throw new BadInput(file, "no such file", "Check the path that 'classes' gives", e);
    } catch (IOException e) {
      throw BadInput.unreadable(file, e);
    }
  }

  /** The sources of a split that exists. */
  public List<Source> sources(String split) {
    return splits.getOrDefault(split, List.of());
  }

  /** Classes of label maps, numbered as {@code LabelMap#read} numbers its values. */
  public List<Category> labels() {
    List<Category> labels = new ArrayList<>();
    for (int value = 0; value < classes.size(); value++) {
      if (!ignore.contains(value)) {
        labels.add(new Category(labels.size(), classes.get(value)));
      }
    }
    return labels;
  }
}
