package downstream.detection.metrics.io;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.mask.Rle;
import java.util.List;

/**
 * Detections that were read, as a table of boxes and a table of masks, and what may warn of them.
 */
final class ResultRows {
  final BoxTable boxes = new BoxTable();
  final BoxTable masks = new BoxTable();
  private long negative;
  private long withBox;
  private long otherSize;

  /** Adds a box as the file has it. */
  void addBox(int image, int category, double[] box, double score) {
    negative += box[2] < 0 || box[3] < 0 ? 1 : 0;
    add(boxes, image, category, box, score);
  }

  /** Adds the box around a mask, with the mask's area. */
  void addBoxAround(Rle mask, int image, int category, double score) {
    boxes.area[add(boxes, image, category, mask.box(), score)] = mask.area();
  }

  /**
   * Adds a mask.
   *
   * @param box that the file gives, or the box around the mask
   * @param areaOfBox whether size ranges go by the box, as in pycocotools
   */
  void addMask(Rle mask, int image, int category, double[] box, double score, boolean areaOfBox) {
    int row = add(masks, image, category, box, score);
    masks.mask(row, mask);
    masks.area[row] = areaOfBox ? masks.area[row] : mask.area();
  }

  /** Counts a mask whose size is not its image's. */
  void countMaskOfOtherSize() {
    otherSize++;
  }

  /** Counts a detection that has a mask and a box. */
  void countMaskWithBox() {
    withBox++;
  }

  private static int add(BoxTable table, int image, int category, double[] box, double score) {
    return table.add(image, category, box[0], box[1], box[2], box[3], score);
  }

  /** Adds what may change a metric of boxes. */
  void warnOfBoxes(List<String> warnings) {
    warn(warnings, negative, "detections have a negative width or height: they match nothing");
  }

  /** Adds what may change a metric of masks. */
  void warnOfMasks(List<String> warnings, boolean areaOfBox) {
    warn(warnings, otherSize, "masks have another size than their image: they match nothing");
    warn(
        warnings,
        withBox,
        areaOfBox
            ? "masks also have a box: their sizes go by it, as in pycocotools"
            : "masks also have a box: their sizes go by the mask (pycocotools goes by the box)");
  }

  static void warn(List<String> warnings, long count, String what) {
    if (count > 0) {
      warnings.add(count + " " + what);
    }
  }
}
