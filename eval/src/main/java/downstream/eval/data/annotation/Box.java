package downstream.eval.data.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * One annotated object. Coordinates are pixels of the upright (EXIF-rotated) image, continuous,
 * origin at its upper left corner.
 *
 * @param id the annotation's id in its file
 * @param category the {@link Category#id}
 * @param x left edge
 * @param y upper edge
 * @param width positive
 * @param height positive
 * @param area what the size bins go by: the mask's area where the file says so, else width × height
 * @param crowd a COCO crowd region: matched any number of times, never counted
 * @param difficult VOC's mark
 * @param segmentation polygons or RLE as in COCO JSON, as in the file
 */
public record Box(
    long id,
    long category,
    double x,
    double y,
    double width,
    double height,
    double area,
    boolean crowd,
    boolean difficult,
    Optional<JsonNode> segmentation) {

  /** An object that fills its image: what a class folder says about an image. */
  public static Box whole(long id, long category, int width, int height) {
    double area = (double) width * height;
    return new Box(id, category, 0, 0, width, height, area, false, false, Optional.empty());
  }
}
