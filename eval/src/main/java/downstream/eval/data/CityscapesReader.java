package downstream.eval.data;

import downstream.eval.data.Draft.Contents;
import downstream.eval.data.Draft.Size;
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
final class CityscapesReader {
  private static final String PICTURE = "_leftImg8bit.png";
  private static final String LABELS = "_gtFine_labelIds.png";

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

  /** Those that its benchmark leaves out; the 19 others are the train ids 0 to 18, in order. */
  static final Set<Integer> IGNORED = Set.of(0, 1, 2, 3, 4, 5, 6, 9, 10, 14, 15, 16, 18, 29, 30);

  private CityscapesReader() {}

  static Contents read(Place place, Findings findings) {
    Path pictures = place.folder("images", "leftImg8bit");
    Path labels = place.folder("masks", "gtFine");
    NavigableMap<String, Path> files =
        Folders.endingWith(pictures, PICTURE.toLowerCase(java.util.Locale.ROOT));
    List<Draft> drafts = new ArrayList<>();
    for (String name : Selection.of(place, files.keySet(), findings)) {
      Path mask = labels.resolve(name.substring(0, name.length() - PICTURE.length()) + LABELS);
      if (Files.isRegularFile(mask)) {
        Path file = Objects.requireNonNull(files.get(name));
        long id = drafts.size() + 1L;
        drafts.add(new Draft(id, name, file, Size.UNKNOWN, List.of(), Optional.of(mask)));
      } else {
        findings.defect(mask, "picture '" + name + "' has no label ids", "Unpack gtFine as well");
      }
    }
    return new Contents(List.of(), drafts);
  }
}
