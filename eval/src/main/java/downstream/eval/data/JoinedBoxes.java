package downstream.eval.data;

import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The boxes of pictures from several data sets: classes of one name are one class. */
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
   * Gives pictures their boxes back.
   *
   * @param bare the pictures of all splits, in order, without labels
   */
  static ImageSet onto(ImageSet bare, List<Split> splits) {
    JoinedBoxes joined = new JoinedBoxes(splits);
    List<ImageRecord> images = new ArrayList<>();
    for (Split split : splits) {
      Map<Long, Long> anew = joined.anew(split);
      for (ImageRecord image : split.pictures()) {
        images.add(with(bare.pictures().get(images.size()), image.boxes(), anew));
      }
    }
    return new ImageSet(
        bare.name(),
        joined.categories,
        List.of(),
        images,
        bare.ignore(),
        bare.fingerprint(),
        bare.warnings());
  }

  private Map<Long, Long> anew(Split split) {
    Map<Long, Long> anew = new HashMap<>();
    split
        .categories()
        .forEach(one -> anew.put(one.id(), Objects.requireNonNull(ids.get(one.name()))));
    return anew;
  }

  private static ImageRecord with(ImageRecord bare, List<Box> boxes, Map<Long, Long> anew) {
    List<Box> renumbered =
        boxes.stream()
            .map(box -> as(box, Objects.requireNonNull(anew.get(box.category()))))
            .toList();
    return new ImageRecord(
        bare.id(),
        bare.name(),
        bare.file(),
        bare.width(),
        bare.height(),
        renumbered,
        bare.labelMap());
  }

  private static Box as(Box box, long category) {
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
