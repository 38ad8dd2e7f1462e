package downstream.detection.targets;

import downstream.detection.boxes.Boxes;

/**
 * Rule that assigns an object to each box for training (Ren et al. 2015, section 3.1.2): the one it
 * overlaps most, if by {@code foregroundIou} or more; nothing below {@code backgroundIou}; in
 * between it is left out.
 *
 * @param keepBest every object also gets the boxes that overlap it most, however little: they learn
 *     the object that they themselves overlap most, as in the published code
 */
public record Matcher(double backgroundIou, double foregroundIou, boolean keepBest) {
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
    float[] bestOfObject = new float[Boxes.count(objects)];
    for (int box = 0; box < count; box++) {
      for (int object = 0; object < bestOfObject.length; object++) {
        float iou = Boxes.iou(boxes, box, objects, object);
        bestOfObject[object] = Math.max(bestOfObject[object], iou);
        if (iou > overlap[box]) {
          overlap[box] = iou;
          best[box] = object;
        }
      }
    }
    int[] matched = new int[count];
    for (int box = 0; box < count; box++) {
      if (bestOfObject.length > 0 && overlap[box] >= (float) foregroundIou) {
        matched[box] = best[box];
      } else {
        matched[box] = overlap[box] < (float) backgroundIou ? BACKGROUND : LEFT_OUT;
      }
    }
    if (keepBest) {
      keepBest(boxes, objects, bestOfObject, best, overlap, matched);
    }
    return matched;
  }

  private static void keepBest(
      float[] boxes,
      float[] objects,
      float[] bestOfObject,
      int[] best,
      float[] overlap,
      int[] matched) {
    float least = minimum(bestOfObject);
    for (int box = 0; box < matched.length; box++) {
      if (matched[box] >= 0 || overlap[box] <= 0 || overlap[box] < least) {
        continue; // taken, or no object's best
      }
      for (int object = 0; object < bestOfObject.length; object++) {
        float iou = Boxes.iou(boxes, box, objects, object);
        if (iou >= least && iou == bestOfObject[object] && iou > 0) {
          matched[box] = best[box];
        }
      }
    }
  }

  private static float minimum(float[] bestOfObject) {
    float least = Float.POSITIVE_INFINITY;
    for (float value : bestOfObject) {
      least = Math.min(least, value);
    }
    return least;
  }
}
