package downstream.eval.data.annotation;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.annotation.UncheckedImage.Contents;
import downstream.eval.data.annotation.UncheckedImage.UncheckedBox;
import downstream.eval.data.image.ImageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Reads COCO's instance annotations (cocodataset.org, "data format"): {@code images}, {@code
 * annotations} and {@code categories}. Ids are kept, 0 and gaps included. The images list says
 * which images there are, also those without annotations; the file {@code file_name} is under the
 * source's {@code images} folder.
 */
public final class CocoReader {
  private final Path file;
  private final DataIssues issues;
  private final Map<Long, String> categories = new TreeMap<>();
  private final Map<Long, JsonNode> images = new TreeMap<>();
  private final Map<String, Long> idByName = new HashMap<>();
  private final Map<Long, List<UncheckedBox>> marks = new HashMap<>();

  private CocoReader(Path file, DataIssues issues) {
    this.file = file;
    this.issues = issues;
  }

  public static Contents read(SourceLocation place, DataIssues issues) {
    CocoReader reader = new CocoReader(place.file("annotations"), issues);
    reader.index(parse(reader.file));
    return reader.contents(place);
  }

  /** Parses a file in which NaN is a number, so that its annotation can be named. */
  private static JsonNode parse(Path file) {
    try (var in = Files.newInputStream(file)) {
      return Json.MAPPER
          .reader()
          .with(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature())
          .readTree(in);
    } catch (IOException e) {
      return Json.read(file);
    }
  }

  private void index(JsonNode root) {
    list(root, "categories").forEach(this::addCategory);
    list(root, "images").forEach(this::addImage);
    Map<Long, JsonNode> seen = new HashMap<>();
    int position = 0;
    for (JsonNode annotation : list(root, "annotations")) {
      position++;
      OptionalLong id = whole(annotation, "id");
      String where = file + ": annotation " + (id.isPresent() ? id.getAsLong() : "no. " + position);
      if (id.isPresent() && seen.put(id.getAsLong(), annotation) != null) {
        issues.defect(where, "this id is used twice", "Give each annotation an id of its own");
      } else {
        addAnnotation(where, id.orElse(position), annotation);
      }
    }
  }

  private List<JsonNode> list(JsonNode root, String key) {
    JsonNode list = root.path(key);
    if (!list.isArray()) {
      throw new BadInput(
          file,
          "expected an object with the lists images, annotations and categories, found "
              + (root.isObject() ? "no list '" + key + "'" : "JSON of type " + root.getNodeType()),
          "Give a COCO instances file");
    }
    List<JsonNode> nodes = new ArrayList<>();
    list.forEach(nodes::add);
    return nodes;
  }

  private void addCategory(JsonNode category) {
    OptionalLong id = whole(category, "id");
    String name = category.path("name").asText();
    if (id.isEmpty() || name.isEmpty() || categories.containsKey(id.getAsLong())) {
      throw new BadInput(
          file,
          "category " + category + " needs a name and a whole number of its own as id",
          "Give it a name and an unused id");
    }
    categories.put(id.getAsLong(), name);
  }

  private void addImage(JsonNode image) {
    OptionalLong id = whole(image, "id");
    String name = image.path("file_name").asText();
    String where = file + ": image " + image.path("id");
    if (id.isEmpty() || name.isEmpty()) {
      issues.defect(where, "needs a whole number as id and a file_name", "Add the missing field");
    } else if (images.containsKey(id.getAsLong()) || idByName.containsKey(name)) {
      issues.defect(
          where, "its id or file_name '" + name + "' is used twice", "Keep only one of them");
    } else {
      images.put(id.getAsLong(), image);
      idByName.put(name, id.getAsLong());
    }
  }

  private void addAnnotation(String where, long id, JsonNode annotation) {
    OptionalLong image = whole(annotation, "image_id");
    OptionalLong category = whole(annotation, "category_id");
    if (image.isEmpty() || !images.containsKey(image.getAsLong())) {
      issues.defect(
          where,
          "names image " + annotation.path("image_id") + ", which does not exist",
          "Add it to 'images', or remove the annotation");
    } else if (category.isEmpty() || !categories.containsKey(category.getAsLong())) {
      issues.defect(
          where,
          "names category " + annotation.path("category_id") + ", which does not exist",
          "Use one of " + categories);
    } else {
      List<Double> sides = sides(annotation.path("bbox"));
      if (sides.size() != 4) {
        String found = annotation.path("bbox").toString();
        issues.defect(
            where,
            "expected bbox [x, y, width, height], found " + found,
            "Give four numbers in pixels");
      } else {
        Box box = box(id, category.getAsLong(), sides, annotation);
        marks
            .computeIfAbsent(image.getAsLong(), key -> new ArrayList<>())
            .add(new UncheckedBox(where, box));
      }
    }
  }

  private static List<Double> sides(JsonNode bbox) {
    List<Double> sides = new ArrayList<>();
    for (JsonNode side : bbox) {
      if (side.isNumber()) {
        sides.add(side.asDouble());
      }
    }
    return sides.size() == bbox.size() ? sides : List.of();
  }

  private static Box box(long id, long category, List<Double> sides, JsonNode annotation) {
    double width = sides.get(2);
    double height = sides.get(3);
    double area = annotation.path("area").asDouble();
    JsonNode segmentation = annotation.path("segmentation");
    return new Box(
        id,
        category,
        sides.get(0),
        sides.get(1),
        width,
        height,
        area > 0 && Double.isFinite(area) ? area : width * height,
        annotation.path("iscrowd").asInt() == 1,
        false,
        segmentation.isEmpty() ? Optional.empty() : Optional.of(segmentation));
  }

  private Contents contents(SourceLocation place) {
    Path folder = place.folder("images");
    Optional<LabelMapFiles> masks = LabelMapFiles.of(place);
    List<UncheckedImage> unchecked = new ArrayList<>();
    for (String name : ImageSubset.of(place, idByName.keySet(), issues)) {
      long id = idByName.getOrDefault(name, 0L);
      Path imageFile = folder.resolve(name);
      if (!Files.isRegularFile(imageFile)) {
        String where = file + ": image " + id;
        issues.defect(where, "there is no file '" + imageFile + "'", "Check file_name and folder");
        continue;
      }
      JsonNode image = images.getOrDefault(id, Json.MAPPER.missingNode());
      ImageSize claimed = new ImageSize(image.path("width").asInt(), image.path("height").asInt());
      Optional<Path> mask = masks.flatMap(maps -> maps.find(name, issues));
      if (masks.isEmpty() || mask.isPresent()) {
        List<UncheckedBox> found = marks.getOrDefault(id, List.of());
        unchecked.add(new UncheckedImage(id, name, imageFile, claimed, found, mask));
      }
    }
    return new Contents(
        categories.entrySet().stream()
            .map(entry -> new Category(entry.getKey(), entry.getValue()))
            .toList(),
        unchecked);
  }

  private static OptionalLong whole(JsonNode node, String key) {
    JsonNode value = node.path(key);
    return value.isIntegralNumber() && value.canConvertToLong()
        ? OptionalLong.of(value.asLong())
        : OptionalLong.empty();
  }
}
