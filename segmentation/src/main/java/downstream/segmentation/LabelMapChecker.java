package downstream.segmentation;

import downstream.eval.BadInput;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.LabelMap;
import java.nio.file.Path;
import java.util.List;

/** The label maps of a set, checked: there for every image, of its size, of the set's classes. */
final class LabelMapChecker {
  private LabelMapChecker() {}

  /**
   * The class names; class k is the value k of a pixel.
   *
   * @throws BadInput if the set has no classes or an image no label map
   */
  static List<String> classes(ImageSet set) {
    if (set.labels().isEmpty()) {
      throw new BadInput(
          set.name(),
          "has no classes of pixels",
          "List them under 'classes' in the data YAML and give it masks");
    }
    if (set.images().isEmpty()) {
      throw new BadInput(
          set.name(),
          "has no images: its split in the data YAML names no folder with an image in it",
          "Check 'images', 'root', 'prefix' and 'list' of the split");
    }
    set.images().forEach(image -> file(image, set));
    return set.labels().stream().map(Category::name).toList();
  }

  /**
   * The label map of an image; ignored pixels are 255.
   *
   * @throws BadInput if it is missing, no label map, of another size, or holds a value that is no
   *     class
   */
  static LabelMap of(ImageRecord image, ImageSet set) {
    Path file = file(image, set);
    LabelMap map = LabelMap.read(file, set.ignore());
    if (map.width() != image.width() || map.height() != image.height()) {
      throw new BadInput(
          file,
          "is "
              + map.width()
              + "×"
              + map.height()
              + " pixels, but its image "
              + image.name()
              + " is "
              + image.width()
              + "×"
              + image.height(),
          "Give every image a label map of its own size");
    }
    checkValues(file, map.values(), set.labels().size());
    return map;
  }

  private static Path file(ImageRecord image, ImageSet set) {
    return image
        .labelMap()
        .orElseThrow(
            () ->
                new BadInput(
                    set.name(),
                    "image " + image.name() + " has no label map",
                    "Give it one under 'masks' in the data YAML"));
  }

  private static void checkValues(Path file, byte[] values, int classes) {
    for (byte value : values) {
      int label = value & 0xff;
      if (label >= classes && label != LabelMap.IGNORE) {
        throw new BadInput(
            file,
            "holds the value " + label + ", but classes are 0 to " + (classes - 1),
            "List the value under 'ignore' in the data YAML or name a class for it");
      }
    }
  }
}
