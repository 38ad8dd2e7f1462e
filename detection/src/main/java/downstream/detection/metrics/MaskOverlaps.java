package downstream.detection.metrics;

import downstream.detection.metrics.mask.Rle;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Overlaps of masks, as pycocotools has them: 0 where the masks' boxes do not touch, −1 where the
 * masks belong to images of different sizes.
 */
final class MaskOverlaps implements Overlaps {
  private final Masks detections;
  private final Masks groundTruth;
  private final BitSet crowd;

  MaskOverlaps(BoxTable detections, BoxTable groundTruth, BitSet crowd) {
    this.detections = new Masks(detections);
    this.groundTruth = new Masks(groundTruth);
    this.crowd = crowd;
  }

  /** The masks of a table and the boxes around them. */
  private static final class Masks {
    final Rle[] masks;
    final BoxTable boxes = new BoxTable();

    Masks(BoxTable table) {
      masks = new Rle[table.size];
      for (int row = 0; row < table.size; row++) {
        int at = row;
        Supplier<IllegalStateException> none =
            () -> new IllegalStateException("row " + at + " has no mask");
        Optional<Rle> mask = table.mask(row);
        masks[row] = mask.orElseThrow(none);
        double[] box = masks[row].box();
        boxes.add(0, 0, box[0], box[1], box[2], box[3], 0);
      }
    }
  }

  @Override
  public double of(int detection, int row) {
    if (BoxTable.overlap(detections.boxes, detection, groundTruth.boxes, row) <= 0) {
      return 0;
    }
    Rle mask = detections.masks[detection];
    Rle other = groundTruth.masks[row];
    return mask.sameSize(other) ? mask.overlap(other, crowd.get(row)) : -1;
  }
}
