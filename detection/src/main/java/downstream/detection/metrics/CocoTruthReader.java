package downstream.detection.metrics;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads what the evaluator needs of a COCO annotation file: ids and boxes, no pictures. Settings
 * decide what becomes of id 0 and of truth that names an unknown image or category.
 */
final class CocoTruthReader {
  private final CocoFile file;
  private final JsonParser parser;
  private final boolean pycocotools;

  private final Set<Long> images = new TreeSet<>();
  private final Map<Long, String> categories = new TreeMap<>();
  private final List<Annotation> annotations = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private CocoTruthReader(CocoFile file, JsonParser parser, EvaluatorSettings settings) {
    this.file = file;
    this.parser = parser;
    this.pycocotools = settings.pycocotools();
  }

  private record Annotation(
      long id,
      long image,
      long category,
      double x,
      double y,
      double width,
      double height,
      double area,
      boolean crowd) {}

  /**
   * Reads an annotation file, plain or gzipped.
   *
   * @throws downstream.eval.BadInput if it is no such file, or an annotation is not usable
   */
  static GroundTruth read(Path file, EvaluatorSettings settings) {
    return CocoFile.read(
        file, (open, parser) -> new CocoTruthReader(open, parser, settings).read());
  }

  private GroundTruth read() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw file.badFile(
          "ground truth must be a JSON object",
          "Name a COCO annotation file (images, annotations)");
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      boolean array = parser.nextToken() == JsonToken.START_ARRAY;
      if (array && name.equals("images")) {
        each(this::readImage);
      } else if (array && name.equals("categories")) {
        each(this::readCategory);
      } else if (array && name.equals("annotations")) {
        each(this::readAnnotation);
      } else {
        parser.skipChildren();
      }
    }
    return resolve();
  }

  private interface Entry {
    void read() throws IOException;
  }

  private void each(Entry entry) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw file.bad("an entry must be an object, found " + parser.currentToken(), "Correct it");
      }
      entry.read();
    }
  }

  private void readImage() throws IOException {
    boolean seen = false;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (name.equals("id")) {
        images.add(file.id("image id"));
        seen = true;
      } else {
        parser.skipChildren();
      }
    }
    require(seen, "an image", "id");
  }

  private void readCategory() throws IOException {
    Long id = null;
    String label = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "id" -> id = file.id("category id");
        case "name" -> label = parser.getText();
        default -> parser.skipChildren();
      }
    }
    if (id == null) {
      throw file.bad("a category has no id", "Add it");
    }
    categories.put(id, label == null ? Long.toString(id) : label);
  }

  private void readAnnotation() throws IOException {
    long[] ids = new long[3];
    double[] box = new double[4];
    double area = Double.NaN;
    boolean crowd = false;
    int seen = 0;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "id" -> {
          ids[0] = file.id("annotation id");
          seen |= 1;
        }
        case "image_id" -> {
          ids[1] = file.id(name);
          seen |= 2;
        }
        case "category_id" -> {
          ids[2] = file.id(name);
          seen |= 4;
        }
        case "bbox" -> seen |= file.box(box) ? 8 : 0;
        case "area" -> area = file.number(name);
        case "iscrowd" -> crowd = file.flag();
        default -> parser.skipChildren();
      }
    }
    requireAll(seen, ids[0]);
    if (!pycocotools && (box[2] < 0 || box[3] < 0)) {
      throw file.bad("annotation " + ids[0] + " has a negative width or height", "Correct it");
    }
    annotations.add(
        new Annotation(ids[0], ids[1], ids[2], box[0], box[1], box[2], box[3], area, crowd));
  }

  private void requireAll(int seen, long id) {
    String[] names = {"id", "image_id", "category_id", "bbox"};
    for (int i = 0; i < names.length; i++) {
      require((seen >> i & 1) != 0, i == 0 ? "an annotation" : "annotation " + id, names[i]);
    }
  }

  private void require(boolean seen, String entry, String field) {
    if (!seen) {
      throw file.bad(entry + " has no " + field, "Add it");
    }
  }

  private GroundTruth resolve() {
    if (images.isEmpty()) {
      throw file.badFile("lists no images", "Name a COCO annotation file (images, annotations)");
    }
    List<Long> imageIds = List.copyOf(images);
    List<Long> categoryIds = List.copyOf(categories.keySet());
    BoxTable boxes = new BoxTable();
    long dropped = 0;
    for (Annotation a : annotations) {
      int image = Collections.binarySearch(imageIds, a.image());
      int category = Collections.binarySearch(categoryIds, a.category());
      if (image < 0 || category < 0) {
        refuseUnknown(a, image < 0);
        dropped++;
      } else {
        add(boxes, a, image, category);
      }
    }
    warn(dropped);
    return new GroundTruth(
        imageIds, categoryIds, List.copyOf(categories.values()), boxes, warnings);
  }

  private void refuseUnknown(Annotation a, boolean image) {
    if (!pycocotools) {
      throw file.badFile(
          "annotation "
              + a.id()
              + " names "
              + (image ? "image " + a.image() : "category " + a.category())
              + ", which the file does not list",
          "Add the entry, or drop the annotation with --compat pycocotools");
    }
  }

  private void add(BoxTable boxes, Annotation a, int image, int category) {
    int row = boxes.add(image, category, a.x(), a.y(), a.width(), a.height(), 0);
    boxes.crowd.set(row, a.crowd());
    boxes.matchIsLost.set(row, pycocotools && a.id() == 0);
    if (!Double.isNaN(a.area())) {
      boxes.area[row] = a.area();
    }
  }

  private void warn(long dropped) {
    if (dropped > 0) {
      warnings.add(dropped + " annotations of unlisted images or categories were dropped");
    }
    if (annotations.stream().anyMatch(a -> a.id() == 0)) {
      warnings.add(
          pycocotools
              ? "the annotation with id 0 counts as never matched, as in pycocotools"
              : "an annotation has id 0: it is counted right here, pycocotools never matches it");
    }
    long noArea = annotations.stream().filter(a -> Double.isNaN(a.area())).count();
    if (noArea > 0) {
      warnings.add(noArea + " annotations have no area: width x height was taken");
    }
    Set<Long> ids = new HashSet<>();
    long repeated = annotations.stream().filter(a -> !ids.add(a.id())).count();
    if (repeated > 0) {
      warnings.add(
          repeated + " annotation ids are used twice: counted apart, pycocotools mixes them up");
    }
  }
}
