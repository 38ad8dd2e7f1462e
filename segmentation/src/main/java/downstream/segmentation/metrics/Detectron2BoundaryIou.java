package downstream.segmentation.metrics;

import downstream.eval.data.image.LabelMap;

/**
 * Boundary IoU as detectron2's {@code SemSegEvaluator} has it, to the letter: the label map itself
 * is taken for a grey image, eroded (a running minimum, 0 outside) and subtracted from itself; the
 * differences, which are no classes, are counted as if they were. Ignored pixels have the value C
 * before that. It is here for comparison; {@link BoundaryIou} is what the name means.
 */
final class Detectron2BoundaryIou {
  private final int classes;
  private final ConfusionMatrix differences;

  Detectron2BoundaryIou(int classes) {
    this.classes = classes;
    differences = new ConfusionMatrix(Math.min(LabelMap.IGNORE, classes + 1));
  }

  /**
   * Tells whether the metric is available: detectron2 leaves it out where labels and C do not fit
   * in a byte.
   */
  static boolean fits(int classes) {
    return classes < LabelMap.IGNORE;
  }

  void add(LabelMap groundTruth, LabelMap prediction) {
    byte[] t = groundTruth.values().clone();
    for (int i = 0; i < t.length; i++) {
      t[i] = t[i] == (byte) LabelMap.IGNORE ? (byte) classes : t[i];
    }
    byte[] p = prediction.values().clone();
    for (int i = 0; i < p.length; i++) {
      // Where the ground truth is ignored a prediction may be anything; detectron2 knows classes
      // alone.
      p[i] = (p[i] & 0xff) < classes ? p[i] : (byte) classes;
    }
    int width = groundTruth.width();
    differences.add("boundary", difference(t, width), difference(p, width));
  }

  void add(Detectron2BoundaryIou other) {
    differences.add(other.differences, 1);
  }

  /** A row or a column of a label map. */
  private record Line(int start, int step, int length) {
    int at(int index) {
      return start + index * step;
    }
  }

  /** Labels minus their minimum over the square around them. */
  private static byte[] difference(byte[] labels, int width) {
    int height = labels.length / width;
    int reach = InteriorPixels.reach(width, height);
    byte[] least = new byte[labels.length];
    for (int y = 0; y < height; y++) {
      minimum(labels, least, new Line(y * width, 1, width), reach);
    }
    for (int x = 0; x < width; x++) {
      minimum(least, least, new Line(x, width, height), reach);
    }
    byte[] difference = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      difference[i] = (byte) (labels[i] - least[i]);
    }
    return difference;
  }

  /**
   * The running minimum of one line: within blocks of the window's length, minima from the left and
   * from the right; a window is the end of one block and the beginning of the next (van Herk 1992).
   */
  private static void minimum(byte[] from, byte[] to, Line line, int reach) {
    int length = line.length();
    int[] values = new int[length];
    for (int i = 0; i < length; i++) {
      values[i] = from[line.at(i)] & 0xff;
    }
    int window = 2 * reach + 1;
    int[] fromLeft = values.clone();
    int[] fromRight = values.clone();
    for (int i = 1; i < length; i++) {
      fromLeft[i] = i % window == 0 ? values[i] : Math.min(fromLeft[i - 1], values[i]);
    }
    for (int i = length - 2; i >= 0; i--) {
      fromRight[i] = (i + 1) % window == 0 ? values[i] : Math.min(fromRight[i + 1], values[i]);
    }
    for (int i = 0; i < length; i++) {
      boolean within = i >= reach && i + reach < length;
      int least = within ? Math.min(fromRight[i - reach], fromLeft[i + reach]) : 0;
      to[line.at(i)] = (byte) least;
    }
  }

  /** The metrics of the differences 0 to C−1. */
  SegmentationMetrics agreement() {
    ConfusionMatrix kept = new ConfusionMatrix(classes);
    for (int t = 0; t < classes; t++) {
      for (int p = 0; p < classes; p++) {
        kept.add(t, p, differences.count(t, p));
      }
    }
    return SegmentationMetrics.of(kept);
  }
}
