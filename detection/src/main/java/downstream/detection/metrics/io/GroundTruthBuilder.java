package downstream.detection.metrics.io;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.Federation;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.mask.Rle;
import downstream.detection.metrics.mask.SegmentationField;
import downstream.eval.data.image.ImageSize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Content of an annotation file before its ids are looked up, since its lists come in any order.
 * Settings decide what becomes of id 0 and of ground truth that names an unknown image or category.
 */
final class GroundTruthBuilder {
  /** An image and, for LVIS, the categories it was checked for. */
  record Image(ImageSize size, List<Long> absent, List<Long> partial) {}

  /** A category; the frequency is LVIS's, "" elsewhere. */
  record Label(String name, String frequency) {}

  /**
   * An object.
   *
   * @param box [x, y, width, height], or null
   * @param area NaN if the file does not say
   * @param ignored LVIS's ignore, VOC's difficult
   */
  record Annotation(
      long id,
      long image,
      long category,
      @Nullable Sides box,
      double area,
      boolean crowd,
      boolean ignored,
      @Nullable SegmentationField segmentation) {}

  /** A box. */
  record Sides(double x, double y, double width, double height) {}

  final Map<Long, Image> images = new TreeMap<>();
  final Map<Long, Label> categories = new TreeMap<>();
  final List<Annotation> annotations = new ArrayList<>();

  private final CocoFile file;
  private final EvaluatorSettings settings;
  private final BoxTable boxes = new BoxTable();
  private final List<String> warnings = new ArrayList<>();
  private long degenerate;

  GroundTruthBuilder(CocoFile file, EvaluatorSettings settings) {
    this.file = file;
    this.settings = settings;
  }

  /** Looks up all ids. */
  GroundTruth resolve() {
    if (images.isEmpty()) {
      throw file.badFile("lists no images", "Name a COCO annotation file (images, annotations)");
    }
    List<Long> imageIds = List.copyOf(images.keySet());
    List<Long> categoryIds = List.copyOf(categories.keySet());
    List<ImageSize> sizes = images.values().stream().map(Image::size).toList();
    long dropped = 0;
    for (Annotation a : annotations) {
      int image = Collections.binarySearch(imageIds, a.image());
      int category = Collections.binarySearch(categoryIds, a.category());
      if (image < 0 || category < 0) {
        refuseUnknown(a, image < 0);
        dropped++;
      } else {
        add(a, image, category, sizes.get(image));
      }
    }
    warn(dropped);
    return new GroundTruth(
        imageIds,
        categoryIds,
        categories.values().stream().map(Label::name).toList(),
        sizes,
        boxes,
        Optional.empty(),
        settings.federated() ? Optional.of(federation(categoryIds)) : Optional.empty(),
        warnings);
  }

  private void refuseUnknown(Annotation a, boolean image) {
    if (!settings.pycocotools()) {
      throw file.badFile(
          "annotation "
              + a.id()
              + " names "
              + (image ? "image " + a.image() : "category " + a.category())
              + ", which the file does not list",
          "Add the entry, or drop the annotation with --compat pycocotools");
    }
  }

  private void add(Annotation a, int image, int category, ImageSize size) {
    Rle mask = settings.iou() == Iou.segm ? mask(a, size) : null;
    double[] around = mask == null ? new double[4] : mask.box();
    Sides box = a.box();
    int row =
        box == null
            ? boxes.add(image, category, around[0], around[1], around[2], around[3], 0)
            : boxes.add(image, category, box.x(), box.y(), box.width(), box.height(), 0);
    boxes.crowd.set(row, a.crowd() && !settings.federated());
    boxes.ignored.set(row, a.ignored());
    boxes.matchIsLost.set(row, settings.pycocotools() && a.id() == 0);
    if (mask != null) {
      boxes.mask(row, mask);
      boxes.area[row] = mask.area();
    }
    if (!Double.isNaN(a.area())) {
      boxes.area[row] = a.area();
    }
  }

  private Rle mask(Annotation a, ImageSize size) {
    SegmentationField segmentation = a.segmentation();
    Optional<Rle> mask = Optional.empty();
    if (segmentation != null) {
      degenerate += segmentation.degenerate();
      try {
        mask = segmentation.mask(size, settings.pycocotools());
      } catch (IllegalArgumentException e) {
        throw file.badFile(
            "annotation " + a.id() + ": " + e.getMessage(), "Correct its segmentation");
      }
    }
    return mask.orElseThrow(
        () ->
            file.badFile(
                "annotation " + a.id() + " has no mask",
                "Give it a segmentation (polygons of three corners or more, or RLE), or score boxes"
                    + " with --iou bbox"));
  }

  private Federation federation(List<Long> categoryIds) {
    List<String> frequency = categories.values().stream().map(Label::frequency).toList();
    Set<Long> absent = new HashSet<>();
    Set<Long> partial = new HashSet<>();
    int image = 0;
    for (Image entry : images.values()) {
      addPairs(absent, image, entry.absent(), categoryIds);
      addPairs(partial, image, entry.partial(), categoryIds);
      image++;
    }
    return new Federation(absent, partial, frequency);
  }

  private static void addPairs(Set<Long> pairs, int image, List<Long> ids, List<Long> categoryIds) {
    for (long id : ids) {
      int category = Collections.binarySearch(categoryIds, id);
      if (category >= 0) {
        pairs.add(Federation.pair(image, category, categoryIds.size()));
      }
    }
  }

  private void warn(long dropped) {
    warn(dropped, "annotations of unlisted images or categories were dropped");
    if (annotations.stream().anyMatch(a -> a.id() == 0)) {
      warnings.add(
          settings.pycocotools()
              ? "the annotation with id 0 counts as never matched, as in pycocotools"
              : "an annotation has id 0: it is counted right here, pycocotools never matches it");
    }
    long noArea = annotations.stream().filter(a -> Double.isNaN(a.area())).count();
    String taken = settings.iou() == Iou.segm ? "the mask's" : "width x height";
    warn(noArea, "annotations have no area: " + taken + " was taken");
    warn(
        settings.pycocotools() ? 0 : degenerate,
        "polygons with fewer than three corners enclose nothing and were left out");
    Set<Long> ids = new HashSet<>();
    long repeated = annotations.stream().filter(a -> !ids.add(a.id())).count();
    warn(repeated, "annotation ids are used twice: counted apart, pycocotools mixes them up");
  }

  private void warn(long count, String what) {
    if (count > 0) {
      warnings.add(count + " " + what);
    }
  }
}
