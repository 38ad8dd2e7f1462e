package downstream.detection.metrics;

import downstream.detection.metrics.mask.Rle;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Boxes, with or without masks, column by column, in the order they were added: half a million of
 * them fit in a few arrays. Images and categories are positions in ascending lists of ids;
 * coordinates are pixels.
 */
public final class BoxTable {
  private static final int FIRST_CAPACITY = 1024;

  public int size;
  public int[] image = new int[FIRST_CAPACITY];
  public int[] category = new int[FIRST_CAPACITY];
  public double[] x = new double[FIRST_CAPACITY];
  public double[] y = new double[FIRST_CAPACITY];
  public double[] width = new double[FIRST_CAPACITY];
  public double[] height = new double[FIRST_CAPACITY];

  /**
   * Area by which the size ranges are decided: the file's field for ground truth, width × height
   * for detections.
   */
  public double[] area = new double[FIRST_CAPACITY];

  /** Confidence of a detection; 0 for ground truth. */
  public double[] score = new double[FIRST_CAPACITY];

  /** Ground truth that may be matched any number of times and is never counted. */
  public final BitSet crowd = new BitSet();

  /** Ground truth whose match counts neither way: LVIS's ignore, VOC's difficult. */
  public final BitSet ignored = new BitSet();

  /** Ground truth whose match does not count, because pycocotools takes its id 0 for "none". */
  public final BitSet matchIsLost = new BitSet();

  private @Nullable Rle[] masks = new Rle[0];

  /** Appends a box with area width × height; returns its row. */
  public int add(
      int image, int category, double x, double y, double width, double height, double score) {
    if (size == this.image.length) {
      grow(2 * size);
    }
    this.image[size] = image;
    this.category[size] = category;
    this.x[size] = x;
    this.y[size] = y;
    this.width[size] = width;
    this.height[size] = height;
    this.area[size] = width * height;
    this.score[size] = score;
    return size++;
  }

  /** Gives a row its mask. */
  public void mask(int row, Rle mask) {
    if (row >= masks.length) {
      masks = Arrays.copyOf(masks, image.length);
    }
    masks[row] = mask;
  }

  /** The mask of a row, if it has one. */
  public Optional<Rle> mask(int row) {
    return row < masks.length ? Optional.ofNullable(masks[row]) : Optional.empty();
  }

  /**
   * COCO's overlap of a detection with a ground truth: intersection over union, or over the
   * detection's own area where the ground truth is a crowd; no pixel is added to widths.
   */
  public static double overlap(BoxTable detections, int d, BoxTable groundTruth, int t) {
    return overlap(detections, d, groundTruth, t, groundTruth.crowd.get(t));
  }

  static double overlap(BoxTable detections, int d, BoxTable groundTruth, int t, boolean crowd) {
    double w = span(detections.x[d], detections.width[d], groundTruth.x[t], groundTruth.width[t]);
    double h = span(detections.y[d], detections.height[d], groundTruth.y[t], groundTruth.height[t]);
    if (w <= 0 || h <= 0) {
      return 0;
    }
    double inner = w * h;
    double own = detections.width[d] * detections.height[d];
    double union = crowd ? own : own + groundTruth.width[t] * groundTruth.height[t] - inner;
    return inner / union;
  }

  /** Rows ordered by category, then image, then row. */
  public int[] byCategoryAndImage(int categories, int images) {
    return stable(stable(rows(), image, images), category, categories);
  }

  /** Rows ordered by image, then category, then row. */
  public int[] byImageAndCategory(int categories, int images) {
    return stable(stable(rows(), category, categories), image, images);
  }

  /** Rows ordered by image, then row. */
  public int[] byImage(int images) {
    return stable(rows(), image, images);
  }

  private int[] rows() {
    int[] rows = new int[size];
    Arrays.setAll(rows, i -> i);
    return rows;
  }

  /** One pass of a stable counting sort. */
  private static int[] stable(int[] rows, int[] key, int keys) {
    int[] next = new int[keys + 1];
    for (int row : rows) {
      next[key[row] + 1]++;
    }
    Arrays.parallelPrefix(next, Integer::sum);
    int[] sorted = new int[rows.length];
    for (int row : rows) {
      sorted[next[key[row]]++] = row;
    }
    return sorted;
  }

  private static double span(double from, double length, double otherFrom, double otherLength) {
    return Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom);
  }

  private void grow(int capacity) {
    image = Arrays.copyOf(image, capacity);
    category = Arrays.copyOf(category, capacity);
    x = Arrays.copyOf(x, capacity);
    y = Arrays.copyOf(y, capacity);
    width = Arrays.copyOf(width, capacity);
    height = Arrays.copyOf(height, capacity);
    area = Arrays.copyOf(area, capacity);
    score = Arrays.copyOf(score, capacity);
  }
}
