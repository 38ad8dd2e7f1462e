package downstream.segmentation.metrics;

import downstream.eval.data.image.LabelMap;
import downstream.segmentation.metrics.SegmentationMetrics.OfClass;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Boundary IoU (Cheng et al. 2021, equation 2): of each class the IoU of the pixels of ground truth
 * and prediction that lie within a distance of their own mask's outline; the distance is {@link
 * InteriorPixels#reach} and the border of the image is outline. Counts are summed over the set
 * before they are divided. Pixels whose ground truth is {@link LabelMap#IGNORE} are of no class in
 * the prediction either, so that what is predicted there moves nothing.
 */
final class BoundaryIou {
  private final long[] groundTruth;
  private final long[] predicted;
  private final long[] hits;

  BoundaryIou(int classes) {
    groundTruth = new long[classes];
    predicted = new long[classes];
    hits = new long[classes];
  }

  /**
   * Adds one image; a {@link ConfusionMatrix} has checked sizes and values.
   *
   * @param groundTruthMap classes and 255
   * @param prediction classes, anything where the ground truth is 255
   */
  void add(LabelMap groundTruthMap, LabelMap prediction) {
    byte[] t = groundTruthMap.values();
    byte[] p = prediction.values().clone();
    for (int i = 0; i < p.length; i++) {
      p[i] = t[i] == (byte) LabelMap.IGNORE ? t[i] : p[i];
    }
    int width = groundTruthMap.width();
    int height = groundTruthMap.height();
    int reach = InteriorPixels.reach(width, height);
    BitSet insideGroundTruth = InteriorPixels.of(groundTruthMap, reach);
    BitSet insidePrediction = InteriorPixels.of(LabelMap.of(width, height, p), reach);
    for (int i = 0; i < t.length; i++) {
      if (t[i] != (byte) LabelMap.IGNORE) {
        add(t[i] & 0xff, !insideGroundTruth.get(i), p[i] & 0xff, !insidePrediction.get(i));
      }
    }
  }

  private void add(int t, boolean atTrueOutline, int p, boolean atPredictedOutline) {
    groundTruth[t] += atTrueOutline ? 1 : 0;
    predicted[p] += atPredictedOutline ? 1 : 0;
    hits[t] += t == p && atTrueOutline && atPredictedOutline ? 1 : 0;
  }

  /** Adds the counts of other images. */
  void add(BoundaryIou other) {
    for (int c = 0; c < groundTruth.length; c++) {
      groundTruth[c] += other.groundTruth[c];
      predicted[c] += other.predicted[c];
      hits[c] += other.hits[c];
    }
  }

  /** The metrics; "pixels" are those at outlines. */
  SegmentationMetrics agreement() {
    List<OfClass> classes = new ArrayList<>();
    for (int c = 0; c < groundTruth.length; c++) {
      classes.add(new OfClass(groundTruth[c], predicted[c], hits[c]));
    }
    return new SegmentationMetrics(classes);
  }
}
