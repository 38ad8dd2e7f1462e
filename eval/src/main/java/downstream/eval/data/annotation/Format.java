package downstream.eval.data.annotation;

import downstream.eval.BadInput;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Layout of a source, with the keys that it takes in a data YAML. */
public enum Format {
  COCO,
  VOC,
  MASKS,
  CITYSCAPES,
  IMAGE_FOLDER,
  IMAGES;

  private static final Set<String> SELECTING = Set.of("format", "list", "prefix", "folder");

  /**
   * The format of that name, lower case with hyphens.
   *
   * @throws BadInput if there is none
   */
  static Format of(Object where, String name) {
    List<String> known = Arrays.stream(values()).map(Format::toString).toList();
    int index = known.indexOf(name);
    if (index < 0) {
      throw new BadInput(where, "unknown format '" + name + "'", "Use one of " + known);
    }
    return values()[index];
  }

  /**
   * Checks the keys of a source.
   *
   * @throws BadInput naming a key that is missing or has no use
   */
  void check(Object where, Set<String> given) {
    Set<String> allowed = new TreeSet<>(SELECTING);
    allowed.addAll(needed());
    allowed.addAll(optional());
    for (String key : new TreeSet<>(needed(given))) {
      if (!given.contains(key)) {
        throw new BadInput(
            where,
            "format " + this + " needs '" + key + "'",
            "Add " + key + ": PATH to the source");
      }
    }
    for (String key : given) {
      if (!allowed.contains(key)) {
        String fix = "Remove it; allowed keys: " + allowed;
        throw new BadInput(where, "format " + this + " does not take '" + key + "'", fix);
      }
    }
  }

  private Set<String> needed() {
    return switch (this) {
      case COCO -> Set.of("images", "annotations");
      case VOC, CITYSCAPES -> Set.of("root");
      case MASKS -> Set.of("images", "masks");
      case IMAGE_FOLDER, IMAGES -> Set.of("images");
    };
  }

  private Set<String> optional() {
    return switch (this) {
      case COCO -> Set.of("masks");
      case VOC -> Set.of("images", "annotations");
      case MASKS, CITYSCAPES, IMAGE_FOLDER, IMAGES -> Set.of();
    };
  }

  /** VOC's root is not needed where both its folders are named. */
  private Set<String> needed(Set<String> given) {
    return this == VOC && given.containsAll(optional()) ? optional() : needed();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
