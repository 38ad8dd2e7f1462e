package downstream.detection.heads;

import downstream.detection.boxes.BoxCoder;
import downstream.detection.boxes.Boxes;
import downstream.detection.boxes.Nms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns a region proposal network's outputs into proposals (Ren et al. 2015, section 3.3; per level
 * as in Lin et al. 2017): the strongest anchors of every level, moved, cut off at the input's
 * edges, suppressed within their level, and of what is left the strongest over all levels.
 *
 * @param preNmsTop anchors of a level that go into suppression
 * @param nmsIou a proposal that overlaps a stronger one of its level by more is dropped
 * @param postNmsTop proposals of an image
 */
record ProposalFilter(int preNmsTop, double nmsIou, int postNmsTop) {
  /** A side of less, in pixels, is no box. */
  private static final float LEAST_SIDE = 1e-3f;

  /**
   * The proposals of one image, strongest first.
   *
   * @param anchors of all levels
   * @param levelEnds where each level's anchors end
   * @param logits by anchor
   * @param deltas four numbers an anchor
   * @param side of the input, pixels
   * @return corners
   */
  float[] select(float[] anchors, int[] levelEnds, float[] logits, float[] deltas, float side) {
    List<int[]> strongest = new ArrayList<>();
    int from = 0;
    for (int end : levelEnds) {
      strongest.add(strongest(logits, from, end));
      from = end;
    }
    int total = strongest.stream().mapToInt(rows -> rows.length).sum();
    float[] boxes = new float[4 * total];
    float[] scores = new float[total];
    int[] levels = new int[total];
    int count = 0;
    for (int level = 0; level < levelEnds.length; level++) {
      for (int anchor : strongest.get(level)) {
        BoxCoder.PROPOSALS.decode(anchors, anchor, deltas, 4 * anchor, boxes, 4 * count);
        clip(boxes, count, side);
        scores[count] = logits[anchor];
        levels[count] = level;
        boolean sound =
            Boxes.width(boxes, count) >= LEAST_SIDE && Boxes.height(boxes, count) >= LEAST_SIDE;
        count += sound ? 1 : 0;
      }
    }
    float[] sound = Arrays.copyOf(boxes, 4 * count);
    int[] kept =
        Nms.keep(
            sound, Arrays.copyOf(scores, count), Arrays.copyOf(levels, count), nmsIou, postNmsTop);
    return Boxes.take(sound, kept);
  }

  private int[] strongest(float[] logits, int from, int end) {
    int[] order = Nms.byFallingScore(Arrays.copyOfRange(logits, from, end));
    return Arrays.stream(order).limit(preNmsTop).map(row -> row + from).toArray();
  }

  private static void clip(float[] boxes, int box, float side) {
    for (int i = 4 * box; i < 4 * box + 4; i++) {
      boxes[i] = Math.min(side, Math.max(0, boxes[i]));
    }
  }
}
