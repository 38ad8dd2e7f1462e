package downstream.eval.classification;

import downstream.eval.BadInput;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * All examples of an image set, image by image: each box that is no crowd region and whose shorter
 * side has enough pixels, with its category as the class.
 *
 * @param margin context around a box, as a fraction of its longer side
 * @param minSide shorter side in pixels below which a box is left out
 */
record LabelledCrops(ImageSet set, double margin, int minSide, List<LabelledCrop> crops) {
  LabelledCrops {
    crops = List.copyOf(crops);
  }

  /**
   * Finds the examples.
   *
   * @throws BadInput if there are none, or all are of one class
   */
  static LabelledCrops of(ImageSet set, double margin, int minSide) {
    Map<Long, Integer> labels = new HashMap<>();
    for (Category category : set.categories()) {
      labels.put(category.id(), labels.size());
    }
    List<LabelledCrop> crops = new ArrayList<>();
    for (int i = 0; i < set.images().size(); i++) {
      ImageRecord image = set.images().get(i);
      for (Box box : image.boxes()) {
        if (!box.crowd() && Math.min(box.width(), box.height()) >= minSide) {
          int label = Objects.requireNonNull(labels.get(box.category()));
          crops.add(LabelledCrop.around(box, image, margin, i, label));
        }
      }
    }
    if (crops.isEmpty() || labels.size() < 2) {
      throw new BadInput(
          "data set " + set.name(),
          crops.size()
              + " boxes of "
              + labels.size()
              + " classes have "
              + minSide
              + " pixels or more",
          "Classification needs image folders, or boxes, of two classes or more; or lower minSide");
    }
    return new LabelledCrops(set, margin, minSide, crops);
  }

  int size() {
    return crops.size();
  }

  /** Names of the classes, by label. */
  List<String> classes() {
    return set.categories().stream().map(Category::name).toList();
  }

  /** Name of the image that an example is from. */
  String imageName(LabelledCrop crop) {
    return set.images().get(crop.image()).name();
  }
}
