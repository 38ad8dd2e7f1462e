package downstream.detection.boxes;

import java.util.Arrays;

/** Non-maximum suppression of several groups at once: boxes of different groups never compete. */
public final class Nms {
  private Nms() {}

  /**
   * Keeps the strongest boxes, dropping each that overlaps a kept one of its group too much.
   *
   * @param boxes corners, one image's
   * @param scores equal scores keep their order
   * @param groups by box: its class, or the level it comes from
   * @param iou a box is dropped if its overlap with a kept one of its group is greater
   * @param limit boxes to keep
   * @return rows of {@code boxes} by falling score
   */
  public static int[] keep(float[] boxes, float[] scores, int[] groups, double iou, int limit) {
    int[] order = byFallingScore(scores);
    int[] kept = new int[Math.min(limit, order.length)];
    int[] before = new int[kept.length];
    int[] last = new int[1 + Arrays.stream(groups).max().orElse(0)];
    Arrays.fill(last, -1);
    int count = 0;
    for (int i = 0; i < order.length && count < limit; i++) {
      int row = order[i];
      if (free(boxes, row, kept, before, last[groups[row]], (float) iou)) {
        kept[count] = row;
        before[count] = last[groups[row]];
        last[groups[row]] = count++;
      }
    }
    return Arrays.copyOf(kept, count);
  }

  /** Tells whether no kept box of the chain that starts at {@code from} overlaps too much. */
  private static boolean free(
      float[] boxes, int row, int[] kept, int[] before, int from, float iou) {
    for (int at = from; at >= 0; at = before[at]) {
      if (Boxes.iou(boxes, kept[at], boxes, row) > iou) {
        return false;
      }
    }
    return true;
  }

  /** Rows by falling score, equal ones in their order. */
  public static int[] byFallingScore(float[] scores) {
    long[] keys = new long[scores.length];
    for (int row = 0; row < keys.length; row++) {
      // Float bits of what is not negative sort as the floats do; others are mirrored.
      int bits = Float.floatToIntBits(scores[row] + 0f);
      int rising = bits >= 0 ? bits : bits ^ 0x7FFFFFFF;
      keys[row] = (long) ~rising << 32 | row;
    }
    Arrays.sort(keys);
    int[] order = new int[keys.length];
    Arrays.setAll(order, i -> (int) keys[i]);
    return order;
  }
}
