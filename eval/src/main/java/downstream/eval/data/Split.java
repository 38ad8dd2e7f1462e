package downstream.eval.data;

import static java.util.Comparator.comparingLong;

import downstream.eval.BadInput;
import downstream.eval.data.Draft.Contents;
import downstream.eval.data.Draft.Size;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One split, read: its pictures, and what inspecting their files gave.
 *
 * @param categories as its sources have them, in ascending order of id
 * @param inspections one a picture
 */
record Split(
    String name,
    List<Category> categories,
    List<Picture> pictures,
    List<Inspection> inspections,
    List<String> warnings) {

  /**
   * Reads a split of a data file.
   *
   * @throws BadInput on the first defect, or on any that {@code findings} collects when nothing
   *     usable is left
   */
  static Split read(DataFile data, String split, Findings findings) {
    List<Contents> contents = new ArrayList<>();
    for (int i = 0; i < data.sources(split).size(); i++) {
      contents.add(read(new Place(data, split, i), findings));
    }
    List<Category> categories = unite(data, contents.stream().map(Contents::categories).toList());
    Split read = assemble(data, split, categories, drafts(contents), findings);
    if (read.pictures.isEmpty()) {
      throw new BadInput(
          data.file(),
          "split '" + split + "' has no usable picture",
          "See 'downstream data check'");
    }
    return read;
  }

  private static Contents read(Place place, Findings findings) {
    return switch (place.source().layout(place)) {
      case COCO -> CocoReader.read(place, findings);
      case VOC -> VocReader.read(place, findings);
      case MASKS, IMAGES -> MaskReader.read(place, findings);
      case CITYSCAPES -> CityscapesReader.read(place, findings);
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
  private static List<Draft> drafts(List<Contents> contents) {
    if (contents.size() == 1) {
      return contents.get(0).drafts().stream().sorted(comparingLong(Draft::id)).toList();
    }
    long all = contents.stream().mapToLong(c -> c.drafts().size()).sum();
    long names =
        contents.stream().flatMap(c -> c.drafts().stream()).map(Draft::name).distinct().count();
    List<Draft> drafts = new ArrayList<>();
    for (int source = 0; source < contents.size(); source++) {
      String prefix = names < all ? (source + 1) + "/" : "";
      for (Draft draft : contents.get(source).drafts()) {
        drafts.add(draft.as(drafts.size() + 1, prefix + draft.name()));
      }
    }
    return drafts;
  }

  private static Split assemble(
      DataFile data,
      String split,
      List<Category> categories,
      List<Draft> drafts,
      Findings findings) {
    refuseTwice(data, split, drafts);
    boolean decode = findings.mode() == Findings.Mode.COLLECT;
    List<Inspection> inspections = Inspection.of(drafts, decode, data);
    List<Picture> pictures = new ArrayList<>();
    List<Inspection> used = new ArrayList<>();
    for (int i = 0; i < drafts.size(); i++) {
      Inspection inspection = inspections.get(i);
      inspection.defect().ifPresent(findings::defect);
      if (inspection.defect().isEmpty()) {
        pictures.add(picture(drafts.get(i), inspection.size(), findings));
        used.add(inspection);
      }
    }
    return new Split(split, categories, pictures, used, findings.warnings());
  }

  private static void refuseTwice(DataFile data, String split, List<Draft> drafts) {
    Map<Path, Draft> seen = new HashMap<>();
    for (Draft draft : drafts) {
      if (seen.put(draft.file().toAbsolutePath().normalize(), draft) != null) {
        throw new BadInput(
            draft.file(),
            "is twice in split '" + split + "' of " + data.file(),
            "Let only one source select it");
      }
    }
  }

  private static Picture picture(Draft draft, Size size, Findings findings) {
    Size claimed = draft.claimed();
    if (!claimed.equals(Size.UNKNOWN) && !claimed.equals(size)) {
      findings.warn(
          draft.file(),
          "is annotated as " + claimed + " but is " + size + " upright; took " + size);
    }
    return new Picture(
        draft.id(),
        draft.name(),
        draft.file(),
        size.width(),
        size.height(),
        Boxes.check(draft.marks(), size, findings),
        draft.labelMap());
  }

  /** The split as an image set of a data set whose categories and labels these are. */
  ImageSet toImageSet(DataFile data, List<Category> all, List<Category> labels) {
    return new ImageSet(
        data.name() + "/" + name,
        all,
        labels,
        pictures,
        data.ignore(),
        Fingerprint.of(this, all, labels, data.ignore()),
        warnings,
        Optional.of(Inventory.of(this)));
  }
}
