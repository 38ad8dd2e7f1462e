package downstream.detection;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.ScoreOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Class-wise non-maximum suppression. */
final class Suppression {
  private Suppression() {}

  /**
   * Keeps the strongest boxes, dropping each that overlaps a kept one of its class too much.
   *
   * @param boxes one image's; equal scores keep their order
   * @param iou a box is dropped if its overlap with a kept one of its category is greater
   * @param most boxes to keep
   * @return rows of {@code boxes} by falling score
   */
  static List<Integer> keep(BoxTable boxes, double iou, int most) {
    int[] order = new int[boxes.size];
    Arrays.setAll(order, i -> i);
    ScoreOrder.sort(order, 0, order.length, boxes.score);
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < order.length && kept.size() < most; i++) {
      int row = order[i];
      if (kept.stream().noneMatch(other -> covers(boxes, other, row, iou))) {
        kept.add(row);
      }
    }
    return kept;
  }

  private static boolean covers(BoxTable boxes, int kept, int row, double iou) {
    return boxes.category[kept] == boxes.category[row]
        && BoxTable.overlap(boxes, row, boxes, kept) > iou;
  }
}
