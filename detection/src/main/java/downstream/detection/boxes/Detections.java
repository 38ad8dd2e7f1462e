package downstream.detection.boxes;

import java.util.Arrays;

/** Detections of a head in one image, strongest first: host data, the arrays are not copied. */
public final class Detections {
  private final float[] boxes;
  private final int[] categories;
  private final float[] scores;
  private final float[][] masks;
  private final int maskSide;

  /** Boxes alone. */
  public Detections(float[] boxes, int[] categories, float[] scores) {
    this(boxes, categories, scores, new float[0][], 0);
  }

  Detections(float[] boxes, int[] categories, float[] scores, float[][] masks, int maskSide) {
    this.boxes = boxes;
    this.categories = categories;
    this.scores = scores;
    this.masks = masks;
    this.maskSide = maskSide;
  }

  /** Selects some of many candidates, in this order. */
  public static Detections of(float[] boxes, int[] categories, float[] scores, int[] rows) {
    float[] kept = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      kept[i] = scores[rows[i]];
    }
    int[] classes = Arrays.stream(rows).map(row -> categories[row]).toArray();
    return new Detections(Boxes.take(boxes, rows), classes, kept);
  }

  /** Returns the number of detections. */
  public int size() {
    return scores.length;
  }

  /** Corners (left, upper, right, lower) of each detection, in input pixels. */
  public float[] boxes() {
    return boxes;
  }

  /** The class of a detection, 0 to classes − 1. */
  public int category(int index) {
    return categories[index];
  }

  /** Returns the confidence of a detection, in [0, 1]. */
  public float score(int index) {
    return scores[index];
  }

  /** Tells whether every detection has a mask. */
  public boolean hasMasks() {
    return maskSide > 0;
  }

  /** Cells across and down of a mask. */
  public int maskSide() {
    return maskSide;
  }

  /** The probability of the object over its box, row by row, in [0, 1]. */
  public float[] mask(int index) {
    return masks[index];
  }

  public int[] categories() {
    return Arrays.copyOf(categories, categories.length);
  }

  public Detections with(float[][] newMasks, int side) {
    return new Detections(boxes, categories, scores, newMasks, side);
  }
}
