package downstream.segmentation.metrics;

import downstream.eval.BadInput;
import downstream.eval.confusion.ConfusionCounts;
import downstream.eval.data.image.LabelMap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Pixels counted by true and predicted class over any number of label maps, in 64 bits. Pixels
 * whose ground truth is {@link LabelMap#IGNORE} are dropped before anything else looks at them,
 * whatever the prediction says there.
 */
public final class ConfusionMatrix implements ConfusionCounts {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final int WORD = Long.BYTES;

  private final int classes;
  private final long[] counts;
  private long dropped;

  /**
   * An empty one.
   *
   * @param classes 1 to 255
   */
  public ConfusionMatrix(int classes) {
    if (classes < 1 || classes > LabelMap.IGNORE) {
      throw new IllegalArgumentException("classes must be 1 to 255, not " + classes);
    }
    this.classes = classes;
    this.counts = new long[classes * classes];
  }

  /**
   * Adds one image.
   *
   * @param where names the image in errors
   * @param groundTruth class per pixel, unsigned, 0 to C-1 or 255
   * @param prediction class per pixel, unsigned, 0 to C-1 where the ground truth is not 255; as
   *     long as {@code groundTruth}
   * @throws BadInput if either holds a value that is no class
   */
  public void add(Object where, byte[] groundTruth, byte[] prediction) {
    if (groundTruth.length != prediction.length) {
      throw new IllegalArgumentException(
          "ground truth has " + groundTruth.length + " pixels, prediction " + prediction.length);
    }
    int i = 0;
    for (; i + WORD <= groundTruth.length; i += WORD) {
      // Label maps are mostly areas: eight pixels of one class and one prediction count at once.
      long t = (long) WORDS.get(groundTruth, i);
      long p = (long) WORDS.get(prediction, i);
      if (t == Long.rotateLeft(t, 8) && p == Long.rotateLeft(p, 8)) {
        count(where, groundTruth[i] & 0xff, prediction[i] & 0xff, WORD);
      } else {
        for (int j = i; j < i + WORD; j++) {
          count(where, groundTruth[j] & 0xff, prediction[j] & 0xff, 1);
        }
      }
    }
    for (; i < groundTruth.length; i++) {
      count(where, groundTruth[i] & 0xff, prediction[i] & 0xff, 1);
    }
  }

  private void count(Object where, int groundTruth, int prediction, int pixels) {
    if (groundTruth == LabelMap.IGNORE) {
      dropped += pixels;
    } else if (groundTruth >= classes || prediction >= classes) {
      throw notAClass(where, groundTruth, prediction);
    } else {
      counts[groundTruth * classes + prediction] += pixels;
    }
  }

  private BadInput notAClass(Object where, int groundTruth, int prediction) {
    boolean inGroundTruth = groundTruth >= classes;
    return new BadInput(
        where,
        "the "
            + (inGroundTruth ? "ground truth" : "prediction")
            + " holds the value "
            + (inGroundTruth ? groundTruth : prediction)
            + ", but classes are 0 to "
            + (classes - 1),
        inGroundTruth
            ? "List the value under 'ignore' or name a class for it"
            : "Predict a class for every pixel whose ground truth is not ignored");
  }

  /** Adds {@code pixels} pixels of one cell. */
  public void add(int groundTruth, int prediction, long pixels) {
    int cell = Math.addExact(at(groundTruth) * classes, at(prediction));
    counts[cell] = Math.addExact(counts[cell], pixels);
  }

  /** Adds another matrix of as many classes, each of its pixels {@code times} times. */
  public void add(ConfusionMatrix other, long times) {
    if (other.classes != classes) {
      throw new IllegalArgumentException(other.classes + " classes added to " + classes);
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] = Math.addExact(counts[i], Math.multiplyExact(other.counts[i], times));
    }
    dropped = Math.addExact(dropped, Math.multiplyExact(other.dropped, times));
  }

  private int at(int index) {
    return java.util.Objects.checkIndex(index, classes);
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public long count(int groundTruth, int prediction) {
    return counts[at(groundTruth) * classes + at(prediction)];
  }

  /** Pixels of this class that were predicted as this class. */
  public long hits(int index) {
    return count(index, index);
  }

  @Override
  public long groundTruth(int index) {
    return Arrays.stream(counts, at(index) * classes, (index + 1) * classes).sum();
  }

  /** Pixels that were predicted as this class, ignored ones left out. */
  public long predicted(int index) {
    long sum = 0;
    for (int t = 0; t < classes; t++) {
      sum += count(t, index);
    }
    return sum;
  }

  /** All pixels that count. */
  public long total() {
    return Arrays.stream(counts).sum();
  }

  /** Pixels left out because their ground truth is {@link LabelMap#IGNORE}. */
  public long dropped() {
    return dropped;
  }

  void drop(long pixels) {
    dropped = Math.addExact(dropped, pixels);
  }

  /** A copy as rows of ground truth, columns of prediction. */
  public long[][] rows() {
    long[][] rows = new long[classes][];
    for (int t = 0; t < classes; t++) {
      rows[t] = Arrays.copyOfRange(counts, t * classes, (t + 1) * classes);
    }
    return rows;
  }
}
