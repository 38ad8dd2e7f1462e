package downstream.eval.data;

import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The boxes of images from several data sets: classes of one name are one class. */
final class JoinedBoxes {
  private final List<Category> categories = new ArrayList<>();
  private final Map<String, Long> ids = new HashMap<>();

  private JoinedBoxes(List<Split> splits) {
    splits.stream()
        .flatMap(split -> split.categories().stream())
        .map(Category::name)
        .distinct()
        .sorted()
        .forEach(
            name -> {
              categories.add(new Category(categories.size() + 1, name));
              ids.put(name, (long) categories.size());
            });
  }

  /**
   * Gives images their boxes back.
   *
   * @param unlabelled the images of all splits, in order, without labels
   */
  static ImageSet addTo(ImageSet unlabelled, List<Split> splits) {
    JoinedBoxes joined = new JoinedBoxes(splits);
    List<ImageRecord> images = new ArrayList<>();
    for (Split split : splits) {
      Map<Long, Long> newIds = joined.newIds(split);
      for (ImageRecord image : split.images()) {
        images.add(withBoxes(unlabelled.images().get(images.size()), image.boxes(), newIds));
      }
    }
    return new ImageSet(
        unlabelled.name(),
        joined.categories,
        List.of(),
        images,
        unlabelled.ignore(),
        unlabelled.fingerprint(),
        unlabelled.warnings());
  }

  private Map<Long, Long> newIds(Split split) {
    Map<Long, Long> newIds = new HashMap<>();
    split
        .categories()
        .forEach(one -> newIds.put(one.id(), Objects.requireNonNull(ids.get(one.name()))));
    return newIds;
  }

  private static ImageRecord withBoxes(
      ImageRecord unlabelled, List<Box> boxes, Map<Long, Long> newIds) {
    List<Box> renumbered =
        boxes.stream()
            .map(box -> withCategory(box, Objects.requireNonNull(newIds.get(box.category()))))
            .toList();
    return new ImageRecord(
        unlabelled.id(),
        unlabelled.name(),
        unlabelled.file(),
        unlabelled.width(),
        unlabelled.height(),
        renumbered,
        unlabelled.labelMap());
  }

  private static Box withCategory(Box box, long category) {
    return new Box(
        box.id(),
        category,
        box.x(),
        box.y(),
        box.width(),
        box.height(),
        box.area(),
        box.crowd(),
        box.difficult(),
        box.segmentation());
  }
}
