package downstream.eval.data;

import static java.util.Comparator.comparingLong;

import downstream.eval.BadInput;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.BoxChecker;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.annotation.CityscapesReader;
import downstream.eval.data.annotation.CocoReader;
import downstream.eval.data.annotation.DataFile;
import downstream.eval.data.annotation.DataIssues;
import downstream.eval.data.annotation.ImageFolderReader;
import downstream.eval.data.annotation.MaskFolderReader;
import downstream.eval.data.annotation.SourceLocation;
import downstream.eval.data.annotation.UncheckedImage;
import downstream.eval.data.annotation.UncheckedImage.Contents;
import downstream.eval.data.annotation.VocReader;
import downstream.eval.data.image.ImageSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One split, read: its images, and what inspecting their files gave.
 *
 * @param categories as its sources have them, in ascending order of id
 * @param checks one for each image
 */
record Split(
    String name,
    List<Category> categories,
    List<ImageRecord> images,
    List<FileCheck> checks,
    List<String> warnings) {

  /**
   * Reads a split of a data file.
   *
   * @throws BadInput on the first defect, or on any that {@code issues} collects when nothing
   *     usable is left
   */
  static Split read(DataFile data, String split, DataIssues issues) {
    List<SourceLocation> places =
        IntStream.range(0, data.sources(split).size())
            .mapToObj(i -> new SourceLocation(data, split, i))
            .toList();
    List<Contents> contents = places.stream().map(place -> read(place, issues)).toList();
    List<Category> categories = unite(data, contents.stream().map(Contents::categories).toList());
    Split read = assemble(data, split, categories, uncheckedImages(contents), issues);
    if (read.images.isEmpty()) {
      throw new BadInput(
          data.file(),
          "split '"
              + split
              + "' has no usable image in "
              + places.stream()
                  .map(place -> "'" + place.imageFolder() + "'")
                  .collect(Collectors.joining(", ")),
          "Run `downstream data check` for a list of defects");
    }
    return read;
  }

  private static Contents read(SourceLocation place, DataIssues issues) {
    return switch (place.source().layout(place)) {
      case COCO -> CocoReader.read(place, issues);
      case VOC -> VocReader.read(place, issues);
      case MASKS, IMAGES -> MaskFolderReader.read(place, issues);
      case CITYSCAPES -> CityscapesReader.read(place, issues);
      case IMAGE_FOLDER -> ImageFolderReader.read(place, issues);
    };
  }

  /** All categories; an id means one name everywhere and a name has one id. */
  static List<Category> unite(DataFile data, List<List<Category>> lists) {
    Map<Long, Category> byId = new TreeMap<>();
    Map<String, Category> byName = new HashMap<>();
    for (List<Category> list : lists) {
      Map<String, Category> here = new HashMap<>();
      for (Category category : list) {
        if (here.put(category.name(), category) != null) {
          String problem = "two categories are called '" + category.name() + "'";
          throw new BadInput(data.file(), problem, "Correct the annotation file");
        }
        Category other = byId.putIfAbsent(category.id(), category);
        Category namesake = byName.putIfAbsent(category.name(), category);
        other = other == null || other.equals(category) ? namesake : other;
        if (other != null && !other.equals(category)) {
          throw new BadInput(
              data.file(),
              "its sources disagree: " + other + " and " + category,
              "Give every file the same categories");
        }
      }
    }
    return List.copyOf(byId.values());
  }

  /** The drafts of all sources. Several sources are renumbered, and shared names told apart. */
  private static List<UncheckedImage> uncheckedImages(List<Contents> contents) {
    if (contents.size() == 1) {
      return contents.get(0).images().stream().sorted(comparingLong(UncheckedImage::id)).toList();
    }
    long all = contents.stream().mapToLong(c -> c.images().size()).sum();
    long names =
        contents.stream()
            .flatMap(c -> c.images().stream())
            .map(UncheckedImage::name)
            .distinct()
            .count();
    List<UncheckedImage> unchecked = new ArrayList<>();
    for (int source = 0; source < contents.size(); source++) {
      String prefix = names < all ? (source + 1) + "/" : "";
      for (UncheckedImage draft : contents.get(source).images()) {
        unchecked.add(draft.as(unchecked.size() + 1, prefix + draft.name()));
      }
    }
    return unchecked;
  }

  private static Split assemble(
      DataFile data,
      String split,
      List<Category> categories,
      List<UncheckedImage> unchecked,
      DataIssues issues) {
    refuseTwice(data, split, unchecked);
    boolean decode = issues.mode() == DataIssues.Mode.COLLECT;
    List<FileCheck> inspections = FileCheck.of(unchecked, decode, data);
    List<ImageRecord> images = new ArrayList<>();
    List<FileCheck> used = new ArrayList<>();
    for (int i = 0; i < unchecked.size(); i++) {
      FileCheck inspection = inspections.get(i);
      inspection.defect().ifPresent(issues::defect);
      if (inspection.defect().isEmpty()) {
        images.add(image(unchecked.get(i), inspection.size(), issues));
        used.add(inspection);
      }
    }
    return new Split(split, categories, images, used, issues.warnings());
  }

  private static void refuseTwice(DataFile data, String split, List<UncheckedImage> unchecked) {
    Map<Path, UncheckedImage> seen = new HashMap<>();
    for (UncheckedImage draft : unchecked) {
      if (seen.put(draft.file().toAbsolutePath().normalize(), draft) != null) {
        throw new BadInput(
            draft.file(),
            "is twice in split '" + split + "' of " + data.file(),
            "Let only one source select it");
      }
    }
  }

  private static ImageRecord image(UncheckedImage draft, ImageSize size, DataIssues issues) {
    ImageSize claimed = draft.claimed();
    if (!claimed.equals(ImageSize.UNKNOWN) && !claimed.equals(size)) {
      issues.warn(
          draft.file(),
          "is annotated as " + claimed + " but is " + size + " after EXIF rotation; using " + size);
    }
    return new ImageRecord(
        draft.id(),
        draft.name(),
        draft.file(),
        size.width(),
        size.height(),
        boxes(draft, size, issues),
        draft.labelMap());
  }

  private static List<Box> boxes(UncheckedImage draft, ImageSize size, DataIssues issues) {
    return draft
        .category()
        .map(category -> List.of(Box.whole(draft.id(), category, size.width(), size.height())))
        .orElseGet(() -> BoxChecker.check(draft.marks(), size, issues));
  }

  /** The split as an image set of a data set whose categories and labels these are. */
  ImageSet toImageSet(DataFile data, List<Category> all, List<Category> labels) {
    return new ImageSet(
        data.name() + "/" + name,
        all,
        labels,
        images,
        data.ignore(),
        Fingerprint.of(this, all, labels, data.ignore()),
        warnings,
        Optional.of(Inventory.of(this)));
  }
}
