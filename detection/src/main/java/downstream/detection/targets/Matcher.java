package downstream.detection.targets;

import downstream.detection.boxes.Boxes;

/**
 * Which object a box should learn (Ren et al. 2015, section 3.1.2): the one it overlaps most, if by
 * {@code high} or more; nothing below {@code low}; in between it is left out.
 *
 * @param keepBest every object also gets the boxes that overlap it most, however little: they learn
 *     the object that they themselves overlap most, as in the published code
 */
public record Matcher(double low, double high, boolean keepBest) {
  /** Learns that there is nothing. */
  static final int BACKGROUND = -1;

  /** Learns nothing. */
  static final int LEFT_OUT = -2;

  /**
   * Matches boxes to objects. By box: the object's row, {@link #BACKGROUND} or {@link #LEFT_OUT}.
   */
  public int[] match(float[] boxes, float[] objects) {
    int count = Boxes.count(boxes);
    int[] best = new int[count];
    float[] overlap = new float[count];
    float[] most = new float[Boxes.count(objects)];
    for (int box = 0; box < count; box++) {
      for (int object = 0; object < most.length; object++) {
        float iou = Boxes.iou(boxes, box, objects, object);
        most[object] = Math.max(most[object], iou);
        if (iou > overlap[box]) {
          overlap[box] = iou;
          best[box] = object;
        }
      }
    }
    int[] matched = new int[count];
    for (int box = 0; box < count; box++) {
      if (most.length > 0 && overlap[box] >= (float) high) {
        matched[box] = best[box];
      } else {
        matched[box] = overlap[box] < (float) low ? BACKGROUND : LEFT_OUT;
      }
    }
    if (keepBest) {
      keepBest(boxes, objects, most, best, matched);
    }
    return matched;
  }

  private static void keepBest(
      float[] boxes, float[] objects, float[] most, int[] best, int[] matched) {
    float least = leastOf(most);
    for (int box = 0; box < matched.length; box++) {
      if (matched[box] >= 0) {
        continue;
      }
      for (int object = 0; object < most.length; object++) {
        float iou = Boxes.iou(boxes, box, objects, object);
        if (iou >= least && iou == most[object] && iou > 0) {
          matched[box] = best[box];
        }
      }
    }
  }

  private static float leastOf(float[] most) {
    float least = Float.POSITIVE_INFINITY;
    for (float value : most) {
      least = Math.min(least, value);
    }
    return least;
  }
}
