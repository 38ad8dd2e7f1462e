package downstream.detection.boxes;

/**
 * Boxes as arrays of corners, left, upper, right, lower, four numbers a box, in input pixels.
 * Single precision, as the networks that make them: what is compared with a threshold here is
 * compared in the numbers that a training in any framework has.
 */
public final class Boxes {
  private Boxes() {}

  public static int count(float[] boxes) {
    return boxes.length / 4;
  }

  public static float width(float[] boxes, int box) {
    return boxes[4 * box + 2] - boxes[4 * box];
  }

  public static float height(float[] boxes, int box) {
    return boxes[4 * box + 3] - boxes[4 * box + 1];
  }

  public static float area(float[] boxes, int box) {
    return width(boxes, box) * height(boxes, box);
  }

  /** Intersection over union; 0 for boxes that do not overlap, empty ones among them. */
  public static float iou(float[] a, int i, float[] b, int j) {
    float width = Math.min(a[4 * i + 2], b[4 * j + 2]) - Math.max(a[4 * i], b[4 * j]);
    float height = Math.min(a[4 * i + 3], b[4 * j + 3]) - Math.max(a[4 * i + 1], b[4 * j + 1]);
    if (width <= 0 || height <= 0) {
      return 0;
    }
    float inner = width * height;
    return inner / (area(a, i) + area(b, j) - inner);
  }

  /** Cuts every box off at the edges of the square input, in place. */
  public static void clip(float[] boxes, float side) {
    for (int i = 0; i < boxes.length; i++) {
      boxes[i] = Math.min(side, Math.max(0, boxes[i]));
    }
  }

  /** The given boxes, in the given order. */
  public static float[] take(float[] boxes, int[] rows) {
    float[] taken = new float[4 * rows.length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(boxes, 4 * rows[i], taken, 4 * i, 4);
    }
    return taken;
  }
}
