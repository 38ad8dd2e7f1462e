package downstream.eval.data.annotation;

import downstream.eval.data.annotation.UncheckedImage.Contents;
import downstream.eval.data.image.ImageSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads Cityscapes as it is unpacked (Cordts et al. 2016): {@code
 * leftImg8bit/train/aachen/NAME_leftImg8bit.png} goes with {@code
 * gtFine/train/aachen/NAME_gtFine_labelIds.png}.
 */
public final class CityscapesReader {
  private static final String IMAGE_SUFFIX = "_leftImg8bit.png";
  private static final String LABELS_SUFFIX = "_gtFine_labelIds.png";

  /** The label ids 0 to 33 by name. */
  static final List<String> CLASSES =
      List.of(
          "unlabeled",
          "ego vehicle",
          "rectification border",
          "out of roi",
          "static",
          "dynamic",
          "ground",
          "road",
          "sidewalk",
          "parking",
          "rail track",
          "building",
          "wall",
          "fence",
          "guard rail",
          "bridge",
          "tunnel",
          "pole",
          "polegroup",
          "traffic light",
          "traffic sign",
          "vegetation",
          "terrain",
          "sky",
          "person",
          "rider",
          "car",
          "truck",
          "bus",
          "caravan",
          "trailer",
          "train",
          "motorcycle",
          "bicycle");

  /** Label ids that the benchmark leaves out; the 19 others are the train ids 0 to 18, in order. */
  static final Set<Integer> IGNORED = Set.of(0, 1, 2, 3, 4, 5, 6, 9, 10, 14, 15, 16, 18, 29, 30);

  private CityscapesReader() {}

  public static Contents read(SourceLocation place, DataIssues issues) {
    Path images = place.folder("images", "leftImg8bit");
    Path labels = place.folder("masks", "gtFine");
    NavigableMap<String, Path> files =
        SortedFiles.endingWith(images, IMAGE_SUFFIX.toLowerCase(java.util.Locale.ROOT));
    List<UncheckedImage> unchecked = new ArrayList<>();
    for (String name : ImageSubset.of(place, files.keySet(), issues)) {
      Path mask =
          labels.resolve(name.substring(0, name.length() - IMAGE_SUFFIX.length()) + LABELS_SUFFIX);
      if (Files.isRegularFile(mask)) {
        Path file = Objects.requireNonNull(files.get(name));
        long id = unchecked.size() + 1L;
        unchecked.add(
            new UncheckedImage(id, name, file, ImageSize.UNKNOWN, List.of(), Optional.of(mask)));
      } else {
        issues.defect(mask, "image '" + name + "' has no label ids", "Unpack gtFine as well");
      }
    }
    return new Contents(List.of(), unchecked);
  }
}
