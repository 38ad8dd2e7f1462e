package downstream.detection.metrics.tide;

import java.util.BitSet;

/** Right and wrong detections of one class by falling score; their AP as a sum of 101 bars. */
final class TideCurve {
  private static final int BARS = 100;

  private final long positives;
  private final BitSet hits = new BitSet();
  private int size;

  TideCurve(long positives) {
    this.positives = positives;
  }

  void add(boolean hit) {
    hits.set(size++, hit);
  }

  double ap() {
    if (positives <= 0) {
      return 0;
    }
    double[] precision = new double[size];
    double[] recall = new double[size];
    double found = 0;
    for (int i = 0; i < size; i++) {
      found += hits.get(i) ? 1 : 0;
      precision[i] = found / (i + 1);
      recall[i] = found / positives;
    }
    for (int i = size - 1; i > 0; i--) {
      precision[i - 1] = Math.max(precision[i - 1], precision[i]);
    }
    double sum = 0;
    int step = 0;
    for (int bar = 0; bar <= BARS; bar++) {
      while (step < size && recall[step] < (double) bar / BARS) {
        step++;
      }
      sum += step < size ? precision[step] : 0;
    }
    return sum / (BARS + 1);
  }
}
