package downstream.detection.metrics.io;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.io.GroundTruthBuilder.Annotation;
import downstream.detection.metrics.io.GroundTruthBuilder.Image;
import downstream.detection.metrics.io.GroundTruthBuilder.Label;
import downstream.detection.metrics.io.GroundTruthBuilder.Sides;
import downstream.detection.metrics.mask.SegmentationField;
import downstream.eval.Json;
import downstream.eval.data.image.ImageSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the evaluator needs of a COCO or LVIS annotation file: ids, boxes, masks where they
 * are scored; no images.
 */
public final class CocoGroundTruthReader {
  private final CocoFile file;
  private final JsonParser parser;
  private final EvaluatorSettings settings;
  private final GroundTruthBuilder draft;

  private CocoGroundTruthReader(CocoFile file, JsonParser parser, EvaluatorSettings settings) {
    this.file = file;
    this.parser = parser;
    this.settings = settings;
    this.draft = new GroundTruthBuilder(file, settings);
  }

  /**
   * Reads an annotation file, plain or gzipped.
   *
   * @throws downstream.eval.BadInput if it is no such file, or an annotation is not usable
   */
  public static GroundTruth read(Path file, EvaluatorSettings settings) {
    return CocoFile.read(
        file, (open, parser) -> new CocoGroundTruthReader(open, parser, settings).read());
  }

  /** Reads the same from a tree in memory, which is named in messages. */
  public static GroundTruth read(Object where, JsonNode tree, EvaluatorSettings settings)
      throws IOException {
    return CocoFile.read(
        where,
        new ByteArrayInputStream(Json.MAPPER.writeValueAsBytes(tree)),
        (open, parser) -> new CocoGroundTruthReader(open, parser, settings).read());
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
    return draft.resolve();
  }

  private interface Entry {
    void read() throws IOException;
  }

  private void each(Entry entry) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw file.bad(
            "an entry must be an object, found " + parser.currentToken(),
            "Write objects in the array");
      }
      entry.read();
    }
  }

  private void readImage() throws IOException {
    Long id = null;
    int height = 0;
    int width = 0;
    List<Long> absent = List.of();
    List<Long> partial = List.of();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "id" -> id = file.id("image id");
        case "height" -> height = side(name);
        case "width" -> width = side(name);
        case "neg_category_ids" -> absent = ids(name);
        case "not_exhaustive_category_ids" -> partial = ids(name);
        default -> parser.skipChildren();
      }
    }
    draft.images.put(
        required(id, "an image", "id"), new Image(new ImageSize(width, height), absent, partial));
  }

  /** Reads a side in pixels; only masks need them, so only then they must be right. */
  private int side(String name) throws IOException {
    if (settings.iou() == Iou.bbox) {
      parser.skipChildren();
      return 0;
    }
    long side = file.id(name);
    if (side < 1 || side > 1 << 15) {
      throw file.bad("an image has " + name + " " + side, "Give its size in pixels");
    }
    return (int) side;
  }

  private List<Long> ids(String name) throws IOException {
    List<Long> ids = new ArrayList<>();
    if (!settings.federated() || parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return ids;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      ids.add(file.id(name));
    }
    return ids;
  }

  private void readCategory() throws IOException {
    Long id = null;
    String label = null;
    String frequency = "";
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "id" -> id = file.id("category id");
        case "name" -> label = parser.getText();
        case "frequency" -> frequency = parser.getText();
        default -> parser.skipChildren();
      }
    }
    long own = required(id, "a category", "id");
    draft.categories.put(own, new Label(label == null ? Long.toString(own) : label, frequency));
  }

  private void readAnnotation() throws IOException {
    Long id = null;
    Long image = null;
    Long category = null;
    double[] sides = new double[4];
    boolean boxed = false;
    double area = Double.NaN;
    boolean crowd = false;
    boolean ignored = false;
    SegmentationField segmentation = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "id" -> id = file.id("annotation id");
        case "image_id" -> image = file.id(name);
        case "category_id" -> category = file.id(name);
        case "bbox" -> boxed = file.box(sides);
        case "area" -> area = file.number(name);
        case "iscrowd" -> crowd = file.flag();
        case "ignore", "difficult" -> ignored |= file.flag() && honoursIgnore(name);
        case "segmentation" -> segmentation = segmentation();
        default -> parser.skipChildren();
      }
    }
    long own = required(id, "an annotation", "id");
    String which = "annotation " + own;
    draft.annotations.add(
        new Annotation(
            own,
            required(image, which, "image_id"),
            required(category, which, "category_id"),
            boxed ? checked(sides, which) : missingBox(which),
            area,
            crowd,
            ignored,
            segmentation));
  }

  private Sides checked(double[] sides, String which) {
    if (!settings.pycocotools() && (sides[2] < 0 || sides[3] < 0)) {
      throw file.bad(which + " has a negative width or height", "Correct its bbox or remove it");
    }
    return new Sides(sides[0], sides[1], sides[2], sides[3]);
  }

  /**
   * Returns null where masks are scored, since those need no box; reports a missing box elsewhere.
   */
  private @Nullable Sides missingBox(String which) {
    if (settings.iou() == Iou.bbox) {
      throw file.bad(which + " has no bbox", "Add its bbox: [x, y, width, height]");
    }
    return null;
  }

  /** COCO overwrites it by iscrowd; LVIS and VOC mean it. */
  private boolean honoursIgnore(String name) {
    return settings.convention().isVoc() || (settings.federated() && name.equals("ignore"));
  }

  private @Nullable SegmentationField segmentation() throws IOException {
    if (settings.iou() == Iou.bbox) {
      parser.skipChildren();
      return null;
    }
    return file.segmentation().orElse(null);
  }

  private long required(@Nullable Long value, String entry, String field) {
    if (value == null) {
      throw file.bad(entry + " has no " + field, "Add the missing field");
    }
    return value;
  }
}
