package downstream.detection.metrics;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.metrics.mask.Rle;
import downstream.detection.metrics.mask.SegmentationField;
import downstream.eval.BadInput;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.ImageSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The ground truth of one evaluation: every image and category takes part, with boxes or without.
 *
 * @param imageIds ascending
 * @param categoryIds ascending
 * @param categoryNames one per category id
 * @param sizes of the images, for masks; empty if they were not read
 * @param boxes images and categories as places in the lists of ids
 * @param names names that may stand for ids
 * @param federation what LVIS adds
 * @param warnings whatever was fixed or left out while reading
 */
public record GroundTruth(
    List<Long> imageIds,
    List<Long> categoryIds,
    List<String> categoryNames,
    List<ImageSize> sizes,
    BoxTable boxes,
    Optional<Names> names,
    Optional<Federation> federation,
    List<String> warnings) {
  public GroundTruth {
    imageIds = List.copyOf(imageIds);
    categoryIds = List.copyOf(categoryIds);
    categoryNames = List.copyOf(categoryNames);
    sizes = List.copyOf(sizes);
    warnings = List.copyOf(warnings);
  }

  /**
   * Names in the order of the ids, for results that give them instead: VOC knows no numbers.
   *
   * @param images file names without ending
   */
  public record Names(List<String> images, List<String> categories) {
    public Names {
      images = List.copyOf(images);
      categories = List.copyOf(categories);
    }
  }

  /** The ground truth of boxes alone. */
  public GroundTruth(
      List<Long> imageIds,
      List<Long> categoryIds,
      List<String> categoryNames,
      BoxTable boxes,
      List<String> warnings) {
    this(
        imageIds,
        categoryIds,
        categoryNames,
        List.of(),
        boxes,
        Optional.empty(),
        Optional.empty(),
        warnings);
  }

  /** The boxes of a split; images in the order of its images. */
  public static GroundTruth of(ImageSet set) {
    return of(set, Iou.bbox);
  }

  /**
   * The objects of a split with their masks, if those are wanted.
   *
   * @throws BadInput if a mask is wanted that the data does not have
   */
  public static GroundTruth of(ImageSet set, Iou iou) {
    List<Long> images = set.images().stream().map(ImageRecord::id).toList();
    List<Long> categories = set.categories().stream().map(Category::id).toList();
    BoxTable table = new BoxTable();
    for (int image = 0; image < images.size(); image++) {
      ImageRecord annotated = set.images().get(image);
      for (Box box : annotated.boxes()) {
        int category = Collections.binarySearch(categories, box.category());
        int row = table.add(image, category, box.x(), box.y(), box.width(), box.height(), 0);
        table.area[row] = box.area();
        table.crowd.set(row, box.crowd());
        if (iou == Iou.segm) {
          table.mask(row, mask(set, annotated, box));
        }
      }
    }
    return new GroundTruth(
        images,
        categories,
        set.categories().stream().map(Category::name).toList(),
        set.images().stream().map(p -> new ImageSize(p.width(), p.height())).toList(),
        table,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static Rle mask(ImageSet set, ImageRecord image, Box box) {
    String where = set.name() + ": annotation " + box.id() + " of " + image.name();
    try {
      return mask(box.segmentation(), image.height(), image.width())
          .orElseThrow(
              () ->
                  new BadInput(
                      where, "has no mask", "Score masks on data whose every object has one"));
    } catch (IllegalArgumentException e) {
      String problem = String.valueOf(e.getMessage());
      throw new BadInput(where, problem, "Correct its segmentation", e);
    }
  }

  private static Optional<Rle> mask(Optional<JsonNode> node, int height, int width) {
    if (node.isEmpty()) {
      return Optional.empty();
    }
    try (JsonParser parser = node.get().traverse()) {
      parser.nextToken();
      return SegmentationField.read(parser)
          .flatMap(found -> found.mask(new ImageSize(width, height), false));
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be read", e);
    }
  }
}
