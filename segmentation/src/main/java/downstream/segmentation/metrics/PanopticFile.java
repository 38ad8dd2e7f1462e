package downstream.segmentation.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.image.Image;
import downstream.segmentation.metrics.PanopticQuality.Segment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A COCO panoptic JSON with its folder of PNGs: pixel (R, G, B) belongs to segment R + 256 G +
 * 65536 B, and each image's {@code segments_info} says what its segments are.
 *
 * @param file the JSON, for messages
 * @param images by image id
 * @param classes by category id; empty if the file lists none, as results do
 */
public record PanopticFile(
    Path file, Map<Long, PanopticImage> images, Map<Long, Category> classes) {
  /** A class: a thing has instances, stuff has none. */
  public record Category(String name, boolean thing) {}

  /** Ids of an image's segments and their meaning. */
  public record PanopticImage(long image, Path png, List<Segment> segments) {
    /**
     * The segment id of every pixel.
     *
     * @throws BadInput if the PNG is missing or not an image
     */
    public int[] ids(Image image) {
      byte[] rgb = image.rgb();
      int[] ids = new int[rgb.length / 3];
      for (int i = 0; i < ids.length; i++) {
        int red = rgb[3 * i] & 0xff;
        int green = rgb[3 * i + 1] & 0xff;
        int blue = rgb[3 * i + 2] & 0xff;
        ids[i] = red | (green << 8) | (blue << 16);
      }
      return ids;
    }
  }

  /** The folder that is given, else the one that is named like the JSON. */
  public static Path masks(Path json, @Nullable Path given) {
    Path folder =
        given != null
            ? given
            : json.resolveSibling(String.valueOf(json.getFileName()).replaceFirst("\\.json$", ""));
    if (!Files.isDirectory(folder)) {
      throw new BadInput(folder, "no such folder", "Give the folder of the PNGs of " + json);
    }
    return folder;
  }

  /**
   * Reads the JSON; PNGs are looked for, not read.
   *
   * @param folder of the PNGs
   * @throws BadInput if it is no such file, or an image has no PNG
   */
  public static PanopticFile read(Path json, Path folder) {
    JsonNode tree = Json.read(json);
    if (!tree.path("annotations").isArray()) {
      throw new BadInput(json, "has no list 'annotations'", "Give a COCO panoptic JSON");
    }
    Map<Long, PanopticImage> images = new TreeMap<>();
    for (JsonNode node : tree.get("annotations")) {
      PanopticImage image = image(json, folder, node);
      if (images.put(image.image(), image) != null) {
        throw new BadInput(
            json, "image_id " + image.image() + " is annotated twice", "Keep only one annotation");
      }
    }
    return new PanopticFile(json, images, classes(tree.path("categories")));
  }

  private static PanopticImage image(Path json, Path folder, JsonNode node) {
    long image = number(json, node, "image_id");
    Path png = folder.resolve(node.path("file_name").asText());
    if (!Files.isRegularFile(png)) {
      throw new BadInput(
          png, "no such file", "Add the PNG that image_id " + image + " of " + json + " names");
    }
    List<Segment> segments = new ArrayList<>();
    for (JsonNode segment : node.path("segments_info")) {
      segments.add(
          new Segment(
              Math.toIntExact(number(json, segment, "id")),
              number(json, segment, "category_id"),
              segment.path("area").asLong(),
              segment.path("iscrowd").asInt() == 1));
    }
    return new PanopticImage(image, png, segments);
  }

  private static long number(Path json, JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isIntegralNumber()) {
      throw new BadInput(
          json,
          "'" + key + "' is missing or not an integer in " + node,
          "Give the field a whole number");
    }
    return value.longValue();
  }

  private static Map<Long, Category> classes(JsonNode list) {
    Map<Long, Category> classes = new TreeMap<>();
    for (JsonNode node : list) {
      classes.put(
          node.path("id").asLong(),
          new Category(node.path("name").asText(), node.path("isthing").asInt(1) == 1));
    }
    return classes;
  }

  /**
   * An image's predicted segments with the areas they have in the PNG.
   *
   * @throws BadInput if JSON and PNG do not name the same segments, or a class is unknown
   */
  public List<Segment> counted(PanopticImage image, int[] ids, Map<Long, Category> known) {
    Map<Integer, Long> areas = new HashMap<>();
    for (int id : ids) {
      areas.merge(id, 1L, Long::sum);
    }
    areas.remove(PanopticQuality.VOID);
    List<Segment> segments = new ArrayList<>();
    for (Segment segment : image.segments()) {
      Long area = areas.remove(segment.id());
      if (area == null) {
        throw damaged(image, "segment " + segment.id() + " is in the JSON but not in the PNG");
      }
      if (!known.containsKey(segment.category())) {
        throw damaged(
            image, "segment " + segment.id() + " is of unknown class " + segment.category());
      }
      segments.add(new Segment(segment.id(), segment.category(), area, segment.crowd()));
    }
    if (!areas.isEmpty()) {
      int id = areas.keySet().iterator().next();
      throw damaged(image, "segment " + id + " is in the PNG but not in the JSON");
    }
    return segments;
  }

  private BadInput damaged(PanopticImage image, String problem) {
    return new BadInput(image.png(), problem, "Correct image_id " + image.image() + " of " + file);
  }
}
