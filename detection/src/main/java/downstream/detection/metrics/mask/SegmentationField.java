package downstream.detection.metrics.mask;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import downstream.eval.data.image.ImageSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@code segmentation} as COCO files write it: a list of polygons, or runs as numbers or as text.
 * It becomes a mask once the size of its image is known.
 */
public final class SegmentationField {
  private static final int BOX = 4;
  private static final int TRIANGLE = 6;

  private final List<double[]> polygons;
  private final int[] size = new int[2];
  private int @Nullable [] runs;

  private SegmentationField() {
    polygons = new ArrayList<>();
  }

  /**
   * Reads the value the parser stands on; empty for null and {@code []}.
   *
   * @throws IllegalArgumentException if it is no segmentation
   */
  public static Optional<SegmentationField> read(JsonParser parser) throws IOException {
    SegmentationField segmentation = new SegmentationField();
    switch (parser.currentToken()) {
      case VALUE_NULL -> {
        return Optional.empty();
      }
      case START_ARRAY -> segmentation.readPolygons(parser);
      case START_OBJECT -> segmentation.readRuns(parser);
      default ->
          throw new IllegalArgumentException(
              "segmentation must be a list of polygons or RLE, found '" + parser.getText() + "'");
    }
    return segmentation.runs == null && segmentation.polygons.isEmpty()
        ? Optional.empty()
        : Optional.of(segmentation);
  }

  private void readPolygons(JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw new IllegalArgumentException(
            "a polygon must be a list of numbers, found '" + parser.getText() + "'");
      }
      polygons.add(numbers(parser));
    }
  }

  private static double[] numbers(JsonParser parser) throws IOException {
    double[] values = new double[16];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (count == values.length) {
        values = java.util.Arrays.copyOf(values, 2 * count);
      }
      boolean number = parser.currentToken().isNumeric();
      values[count] = number ? parser.getDoubleValue() : Double.NaN;
      if (!Double.isFinite(values[count++])) {
        throw new IllegalArgumentException(
            "segmentation must hold finite numbers, found '" + parser.getText() + "'");
      }
    }
    return java.util.Arrays.copyOf(values, count);
  }

  private void readRuns(JsonParser parser) throws IOException {
    boolean sized = false;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      if (name.equals("counts") && token == JsonToken.VALUE_STRING) {
        runs = RleCodec.read(parser.getText());
      } else if (name.equals("counts") && token == JsonToken.START_ARRAY) {
        runs = whole(numbers(parser));
      } else if (name.equals("size") && token == JsonToken.START_ARRAY) {
        int[] found = whole(numbers(parser));
        sized = found.length == 2;
        System.arraycopy(found, 0, size, 0, Math.min(2, found.length));
      } else {
        parser.skipChildren();
      }
    }
    if (runs == null || !sized) {
      throw new IllegalArgumentException("RLE needs size [height, width] and counts");
    }
  }

  private static int[] whole(double[] numbers) {
    int[] whole = new int[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      whole[i] = (int) numbers[i];
      if (whole[i] != numbers[i] || whole[i] < 0) {
        throw new IllegalArgumentException("RLE must hold whole numbers, found " + numbers[i]);
      }
    }
    return whole;
  }

  /** Polygons that enclose nothing: fewer than three corners. */
  public int degenerate() {
    return (int) polygons.stream().filter(polygon -> polygon.length < TRIANGLE).count();
  }

  /**
   * The mask in an image of this size; RLE brings a size of its own. Empty if no polygon has three
   * corners.
   *
   * @param pycocotools make of odd polygons what pycocotools makes of them
   * @throws IllegalArgumentException if a polygon has half a corner, or runs do not fill their size
   */
  public Optional<Rle> mask(ImageSize image, boolean pycocotools) {
    if (runs == null && (image.height() < 1 || image.width() < 1)) {
      throw new IllegalArgumentException("a polygon needs the height and width of its image");
    }
    return pycocotools
        ? maskOfPycocotools(image.height(), image.width())
        : mask(image.height(), image.width());
  }

  private Optional<Rle> mask(int height, int width) {
    if (runs != null) {
      return Optional.of(Rle.ofRuns(size[0], size[1], runs));
    }
    Rle mask = null;
    for (double[] polygon : polygons) {
      if (polygon.length % 2 != 0) {
        throw new IllegalArgumentException(
            "a polygon has " + polygon.length + " numbers: x and y by turns make an even count");
      }
      if (polygon.length >= TRIANGLE) {
        mask = united(mask, PolygonRaster.mask(polygon, height, width));
      }
    }
    return Optional.ofNullable(mask);
  }

  /**
   * Reads the mask as pycocotools does: if the first polygon has two corners, all are taken for
   * boxes [x, y, width, height]; else it draws those with few corners, too.
   */
  private Optional<Rle> maskOfPycocotools(int height, int width) {
    if (runs != null) {
      return mask(height, width);
    }
    int first = polygons.get(0).length;
    if (first < BOX) {
      throw new IllegalArgumentException("the first polygon has fewer than two corners");
    }
    Rle mask = null;
    for (double[] polygon : polygons) {
      if (polygon.length < (first == BOX ? BOX : 2)) {
        throw new IllegalArgumentException("a polygon has fewer corners than pycocotools reads");
      }
      mask =
          united(
              mask,
              first == BOX
                  ? PolygonRaster.box(polygon, height, width)
                  : PolygonRaster.mask(polygon, height, width));
    }
    return Optional.ofNullable(mask);
  }

  private static Rle united(@Nullable Rle mask, Rle more) {
    return mask == null ? more : mask.union(more);
  }
}
