package downstream.detection.metrics.mask;

import java.util.Arrays;

/**
 * A mask as COCO stores it: lengths of runs of equal pixels, column by column, background first. It
 * is what a stored prediction carries as {@code segmentation}. Immutable; for any thread.
 */
public final class Rle {
  private final int height;
  private final int width;
  private final int[] runs;

  private Rle(int height, int width, int[] runs) {
    this.height = height;
    this.width = width;
    this.runs = runs;
  }

  /**
   * A mask of given runs.
   *
   * @param runs lengths in pixels, background first
   * @throws IllegalArgumentException if a run is negative or they do not cover height × width
   */
  public static Rle ofRuns(int height, int width, int[] runs) {
    long covered = 0;
    for (int run : runs) {
      if (run < 0) {
        throw new IllegalArgumentException("a run has negative length " + run);
      }
      covered += run;
    }
    if (height < 0 || width < 0 || covered != (long) height * width) {
      throw new IllegalArgumentException(
          "runs cover " + covered + " pixels of " + height + " x " + width);
    }
    return new Rle(height, width, runs.clone());
  }

  /**
   * The mask that COCO's compressed text describes.
   *
   * @throws IllegalArgumentException if it is no such text, or does not cover height × width
   */
  public static Rle ofText(int height, int width, String counts) {
    return ofRuns(height, width, RleCodec.read(counts));
  }

  /**
   * The mask of a bitmap.
   *
   * @param pixels row by row, {@code height × width}
   */
  public static Rle ofPixels(boolean[] pixels, int height, int width) {
    if (pixels.length != height * width) {
      throw new IllegalArgumentException(pixels.length + " pixels for " + height + " x " + width);
    }
    IntList runs = new IntList();
    boolean current = false;
    int run = 0;
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        if (pixels[y * width + x] != current) {
          runs.add(run);
          run = 0;
          current = !current;
        }
        run++;
      }
    }
    runs.add(run);
    return new Rle(height, width, runs.toArray());
  }

  /** Makes a mask of runs that are known to cover the image. */
  static Rle trusted(int height, int width, int[] runs) {
    return new Rle(height, width, runs);
  }

  /** The bitmap, row by row. */
  public boolean[] toPixels() {
    boolean[] pixels = new boolean[height * width];
    int at = 0;
    for (int i = 0; i < runs.length; i++) {
      for (int end = at + runs[i]; at < end; at++) {
        pixels[at % height * width + at / height] = (i & 1) == 1;
      }
    }
    return pixels;
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  /** Pixels of the foreground. */
  public long area() {
    long area = 0;
    for (int i = 1; i < runs.length; i += 2) {
      area += runs[i];
    }
    return area;
  }

  /** COCO's compressed text of the runs. */
  public String counts() {
    return RleCodec.write(runs);
  }

  /**
   * The smallest box [x, y, width, height] around the foreground, zeros if there is none. A run of
   * foreground that spans columns covers their whole height.
   */
  public double[] box() {
    int even = runs.length / 2 * 2;
    if (even == 0) {
      return new double[4];
    }
    long left = width;
    long top = height;
    long right = 0;
    long bottom = 0;
    long before = 0;
    int at = 0;
    for (int i = 0; i < even; i++) {
      at += runs[i];
      // Unsigned, as in C: an empty run at the start reaches pixel 2³² − 1.
      long pixel = Integer.toUnsignedLong(at - (i & 1));
      long x = pixel / height;
      long y = pixel % height;
      if ((i & 1) == 0) {
        before = x;
      } else if (before < x) {
        top = 0;
        bottom = height - 1L;
      }
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    return new double[] {left, top, right - left + 1, bottom - top + 1};
  }

  /** Tells whether both masks belong to images of the same size. */
  public boolean sameSize(Rle other) {
    return height == other.height && width == other.width;
  }

  /** The pixels that lie in either mask; both have the same size. */
  public Rle union(Rle other) {
    IntList union = new IntList();
    RleOverlap pairs = new RleOverlap(runs, other.runs);
    boolean current = false;
    int length = 0;
    while (pairs.next()) {
      if ((pairs.first || pairs.second) != current) {
        union.add(length);
        length = 0;
        current = !current;
      }
      length += pairs.length;
    }
    union.add(length);
    return new Rle(height, width, union.toArray());
  }

  /**
   * COCO's overlap of this detection with a ground truth of the same size: intersection over union
   * in pixels, or over the detection's own where the ground truth is a crowd.
   */
  public double overlap(Rle groundTruth, boolean crowd) {
    long inner = 0;
    long union = 0;
    RleOverlap pairs = new RleOverlap(runs, groundTruth.runs);
    while (pairs.next()) {
      inner += pairs.first && pairs.second ? pairs.length : 0;
      union += pairs.first || pairs.second ? pairs.length : 0;
    }
    return inner == 0 ? 0 : (double) inner / (crowd ? area() : union);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rle rle && sameSize(rle) && Arrays.equals(runs, rle.runs);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * height + width) + Arrays.hashCode(runs);
  }

  @Override
  public String toString() {
    return height + "x" + width + ":" + counts();
  }
}
