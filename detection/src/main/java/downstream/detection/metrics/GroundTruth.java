package downstream.detection.metrics;

import downstream.eval.data.Box;
import downstream.eval.data.Category;
import downstream.eval.data.ImageSet;
import downstream.eval.data.Picture;
import java.util.Collections;
import java.util.List;

/**
 * The truth of one evaluation: every image and category takes part, with boxes or without.
 *
 * @param imageIds ascending
 * @param categoryIds ascending
 * @param categoryNames one per category id
 * @param boxes images and categories as places in the lists of ids
 * @param warnings whatever was mended or left out while reading
 */
public record GroundTruth(
    List<Long> imageIds,
    List<Long> categoryIds,
    List<String> categoryNames,
    BoxTable boxes,
    List<String> warnings) {
  public GroundTruth {
    imageIds = List.copyOf(imageIds);
    categoryIds = List.copyOf(categoryIds);
    categoryNames = List.copyOf(categoryNames);
    warnings = List.copyOf(warnings);
  }

  /** The boxes of a split; images in the order of its pictures. */
  public static GroundTruth of(ImageSet set) {
    List<Long> images = set.pictures().stream().map(Picture::id).toList();
    List<Long> categories = set.categories().stream().map(Category::id).toList();
    BoxTable table = new BoxTable();
    for (int image = 0; image < images.size(); image++) {
      for (Box box : set.pictures().get(image).boxes()) {
        int category = Collections.binarySearch(categories, box.category());
        int row = table.add(image, category, box.x(), box.y(), box.width(), box.height(), 0);
        table.area[row] = box.area();
        table.crowd.set(row, box.crowd());
      }
    }
    List<String> names = set.categories().stream().map(Category::name).toList();
    return new GroundTruth(images, categories, names, table, List.of());
  }
}
