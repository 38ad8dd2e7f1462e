package downstream.segmentation.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of one confusion matrix over a whole set: counts are summed first and divided once,
 * never averaged over images. Programs differ in the classes that have no true pixel:
 *
 * <table>
 * <caption>what a class without true pixels does to the mean IoU</caption>
 * <tr><th>convention</th><th>absent everywhere</th><th>predicted somewhere</th></tr>
 * <tr><td>mmseg (the default here)</td><td>left out</td><td>counts as 0</td></tr>
 * <tr><td>detectron2</td><td>left out</td><td>left out</td></tr>
 * <tr><td>torchvision's reference scripts</td><td>no mean at all</td><td>counts as 0</td></tr>
 * </table>
 *
 * <p>A metric is empty where its denominator is 0; fractions, never percent.
 *
 * @param classes per class, in the order of their values
 */
public record SegmentationMetrics(List<OfClass> classes) {
  public SegmentationMetrics {
    classes = List.copyOf(classes);
  }

  /**
   * One class.
   *
   * @param groundTruth its true pixels
   * @param predicted pixels predicted as it
   * @param hits pixels that are both
   */
  public record OfClass(long groundTruth, long predicted, long hits) {
    /** True or predicted pixels. */
    public long union() {
      return groundTruth + predicted - hits;
    }

    /** Hits over union (Jaccard). */
    public Optional<Double> iou() {
      return ratio(hits, union());
    }

    /** Hits over true pixels (recall). */
    public Optional<Double> accuracy() {
      return ratio(hits, groundTruth);
    }

    /** Returns twice the hits over true plus predicted pixels (F1). */
    public Optional<Double> dice() {
      return ratio(2.0 * hits, groundTruth + predicted);
    }
  }

  /** The metrics of a matrix. */
  public static SegmentationMetrics of(ConfusionMatrix matrix) {
    List<OfClass> classes = new ArrayList<>();
    for (int c = 0; c < matrix.classes(); c++) {
      classes.add(new OfClass(matrix.groundTruth(c), matrix.predicted(c), matrix.hits(c)));
    }
    return new SegmentationMetrics(classes);
  }

  /** Mean IoU of every class that is true or predicted somewhere (mmseg). */
  public Optional<Double> meanIou() {
    return mean(OfClass::iou, c -> true);
  }

  /** Mean IoU of the classes that have a true pixel (detectron2). */
  public Optional<Double> meanIouOfTrueClasses() {
    return mean(OfClass::iou, c -> classes.get(c).groundTruth() > 0);
  }

  /** Mean IoU of all classes; empty if one of them is neither true nor predicted (torchvision). */
  public Optional<Double> meanIouOfAllClasses() {
    return classes.stream().allMatch(c -> c.union() > 0) ? meanIou() : Optional.empty();
  }

  /** Mean recall of the classes that have a true pixel. */
  public Optional<Double> meanAccuracy() {
    return mean(OfClass::accuracy, c -> true);
  }

  /** Mean Dice of every class that is true or predicted somewhere. */
  public Optional<Double> meanDice() {
    return mean(OfClass::dice, c -> true);
  }

  /** Hits over all pixels. */
  public Optional<Double> pixelAccuracy() {
    return ratio(sum(OfClass::hits), sum(OfClass::groundTruth));
  }

  /** IoU weighted by each class's share of the true pixels. */
  public Optional<Double> frequencyWeightedIou() {
    double total = sum(OfClass::groundTruth);
    return total == 0
        ? Optional.empty()
        : Optional.of(sum(c -> c.groundTruth() / total * c.iou().orElse(0.0)));
  }

  /** Every metric by name, as runs and boards carry them. */
  public Map<String, Optional<Double>> metrics() {
    Map<String, Optional<Double>> metrics = new LinkedHashMap<>();
    metrics.put("mIoU", meanIou());
    metrics.put("mAcc", meanAccuracy());
    metrics.put("aAcc", pixelAccuracy());
    metrics.put("fwIoU", frequencyWeightedIou());
    metrics.put("mDice", meanDice());
    metrics.put("mIoU.detectron2", meanIouOfTrueClasses());
    metrics.put("mIoU.torchvision", meanIouOfAllClasses());
    return metrics;
  }

  private double sum(ToDoubleFunction<OfClass> metric) {
    double sum = 0;
    for (OfClass c : classes) {
      sum += metric.applyAsDouble(c);
    }
    return sum;
  }

  private Optional<Double> mean(Function<OfClass, Optional<Double>> metric, IntPredicate counts) {
    double sum = 0;
    int n = 0;
    for (int c = 0; c < classes.size(); c++) {
      Optional<Double> value = metric.apply(classes.get(c));
      if (value.isPresent() && counts.test(c)) {
        sum += value.get();
        n++;
      }
    }
    return ratio(sum, n);
  }

  private static Optional<Double> ratio(double numerator, double denominator) {
    return denominator == 0 ? Optional.empty() : Optional.of(numerator / denominator);
  }
}
