package downstream.detection.metrics.io;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.mask.PolygonRaster;
import downstream.detection.metrics.mask.Rle;
import downstream.detection.metrics.mask.SegmentationField;
import downstream.eval.data.image.ImageSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A COCO results file on its way into a table of boxes, of masks, or both, entry by entry. */
final class ResultsParser {
  private final CocoFile file;
  private final JsonParser parser;
  private final Optional<GroundTruth.Names> names;
  private final List<ImageSize> sizes;
  private final EvaluatorSettings settings;
  private final IdIndex ids;
  private final boolean wantsBoxes;
  private final boolean wantsMasks;
  private final ResultRows rows = new ResultRows();
  private long unknownCategory;
  private long entries;

  /** True if the first result has a box: pycocotools takes all the others for the same. */
  private boolean firstHasBox;

  // The entry being read.
  private final double[] sides = new double[4];
  private @Nullable SegmentationField segmentation;

  ResultsParser(
      CocoFile file,
      JsonParser parser,
      GroundTruth groundTruth,
      EvaluatorSettings settings,
      boolean wantsBoxes) {
    this(file, parser, settings, wantsBoxes, IdIndex.of(groundTruth), Optional.of(groundTruth));
  }

  /** Reads boxes before their ground truth is known. */
  ResultsParser(CocoFile file, JsonParser parser, EvaluatorSettings settings, IdIndex ids) {
    this(file, parser, settings, true, ids, Optional.empty());
  }

  private ResultsParser(
      CocoFile file,
      JsonParser parser,
      EvaluatorSettings settings,
      boolean wantsBoxes,
      IdIndex ids,
      Optional<GroundTruth> groundTruth) {
    this.file = file;
    this.parser = parser;
    this.settings = settings;
    this.wantsBoxes = wantsBoxes;
    this.wantsMasks = settings.iou() == Iou.segm;
    this.ids = ids;
    this.names = groundTruth.flatMap(GroundTruth::names);
    this.sizes = groundTruth.map(GroundTruth::sizes).orElse(List.of());
  }

  /** Reads what the settings ask for. */
  DetectionResults read() throws IOException {
    readAll();
    return wantsMasks ? masks() : boxes();
  }

  DetectionResults.BoxesAndMasks readBoth() throws IOException {
    readAll();
    return new DetectionResults.BoxesAndMasks(boxes(), masks());
  }

  private DetectionResults boxes() {
    List<String> warnings = warnings();
    rows.warnOfBoxes(warnings);
    return new DetectionResults(rows.boxes, unknownCategory, warnings);
  }

  private DetectionResults masks() {
    List<String> warnings = warnings();
    rows.warnOfMasks(warnings, areaOfBox());
    return new DetectionResults(rows.masks, unknownCategory, warnings);
  }

  private boolean areaOfBox() {
    return settings.pycocotools() && firstHasBox;
  }

  private void readAll() throws IOException {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      throw file.badFile(
          "results must be a JSON array", "Write [{\"image_id\": …, \"bbox\": …}, …]");
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw file.bad(
            "a result must be an object, found " + parser.currentToken(),
            "Write objects in the array");
      }
      entries++;
      readEntry();
    }
    if (parser.nextToken() != null) {
      throw file.bad("unexpected content after the array", "Keep one array a file");
    }
  }

  private void readEntry() throws IOException {
    int image = -1;
    int category = -1;
    double score = 0;
    int seen = 0;
    boolean boxed = false;
    segmentation = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "image_id" -> {
          image = image();
          seen |= 1;
        }
        case "category_id" -> {
          category = category();
          seen |= 2;
        }
        case "score" -> {
          score = file.number(name);
          seen |= 4;
        }
        case "bbox" -> boxed = file.box(sides);
        case "segmentation" -> readSegmentation(boxed);
        default -> parser.skipChildren();
      }
    }
    requireAll(seen);
    firstHasBox = entries == 1 ? boxed : firstHasBox;
    if (category < 0) {
      unknownCategory++;
      return;
    }
    if (wantsBoxes) {
      addBox(image, category, score, boxed);
    }
    if (wantsMasks) {
      addMask(image, category, score, boxed);
    }
  }

  /** Reads the mask; for boxes, only where it has to replace a missing box. */
  private void readSegmentation(boolean boxed) throws IOException {
    if (!wantsMasks && boxed) {
      parser.skipChildren();
    } else {
      segmentation = file.segmentation().orElse(null);
    }
  }

  private int image() throws IOException {
    if (names.isPresent() && parser.currentToken() == JsonToken.VALUE_STRING) {
      return known(names.get().images().indexOf(parser.getText()));
    }
    return known(ids.image(file.id("image_id")));
  }

  private int known(int image) throws IOException {
    if (image < 0) {
      throw file.bad(
          "image_id " + parser.getText() + " is not in the ground truth",
          "Score the file against the split it was made for");
    }
    return image;
  }

  private int category() throws IOException {
    if (names.isPresent() && parser.currentToken() == JsonToken.VALUE_STRING) {
      return names.get().categories().indexOf(parser.getText());
    }
    return ids.category(file.id("category_id"));
  }

  private void requireAll(int seen) {
    String[] names = {"image_id", "category_id", "score"};
    for (int i = 0; i < names.length; i++) {
      if ((seen >> i & 1) == 0) {
        throw lacks(names[i], "Add the missing field");
      }
    }
  }

  private RuntimeException lacks(String field, String fix) {
    return file.bad("result #" + entries + " has no " + field, fix);
  }

  private void addBox(int image, int category, double score, boolean boxed) {
    if (boxed) {
      rows.addBox(image, category, sides, score);
    } else {
      Rle mask = mask(image).orElseThrow(() -> lacks("bbox", "Add the missing field"));
      rows.addBoxAround(mask, image, category, score);
    }
  }

  private void addMask(int image, int category, double score, boolean boxed) {
    Optional<Rle> found = mask(image);
    if (found.isEmpty() && !(settings.pycocotools() && boxed)) {
      throw lacks(
          "segmentation", "Score boxes with --iou bbox, or name the results that hold masks");
    }
    ImageSize size = sizes.get(image);
    Rle mask = found.orElseGet(() -> PolygonRaster.box(sides, size.height(), size.width()));
    rows.addMask(mask, image, category, boxed ? sides : mask.box(), score, areaOfBox());
    if (mask.height() != size.height() || mask.width() != size.width()) {
      rows.countMaskOfOtherSize();
    }
    if (boxed && found.isPresent()) {
      rows.countMaskWithBox();
    }
  }

  private Optional<Rle> mask(int image) {
    if (segmentation == null) {
      return Optional.empty();
    }
    ImageSize size = sizes.isEmpty() ? new ImageSize(0, 0) : sizes.get(image);
    try {
      return segmentation.mask(size, settings.pycocotools());
    } catch (IllegalArgumentException e) {
      throw file.bad("result #" + entries + ": " + e.getMessage(), "Correct its segmentation");
    }
  }

  private List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (entries == 0) {
      warnings.add("the results file holds no detections (pycocotools refuses such a file)");
    }
    ResultRows.warn(
        warnings, unknownCategory, "detections of categories without an entry were dropped");
    return warnings;
  }
}
