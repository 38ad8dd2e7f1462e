package downstream.detection.metrics.tide;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.ScoreOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;

/**
 * Error analysis of a detector, with the cost of each kind of error: TIDE (Bolya et al., 2020). A
 * false one is named after the first of these that holds: Loc (overlap .1 to .5 with its own
 * class), Cls (.5 or more with another class), Dupe (its ground truth was taken), Bkg (.1 or less
 * with everything), Both. Ground truth that was not found and that no Cls or Loc error points at is
 * Miss. The cost is the AP at IoU .5 with errors of that kind fixed, minus the AP as it is.
 */
public final class Tide {
  /** The six kinds. */
  public enum Kind {
    Cls,
    Loc,
    Both,
    Dupe,
    Bkg,
    Miss
  }

  /**
   * Result of the analysis.
   *
   * @param ap over the classes with ground truth
   * @param cost AP that fixing the kind alone would add, never below 0
   * @param count errors of the kind
   */
  public record Errors(double ap, Map<Kind, Double> cost, Map<Kind, Long> count) {
    public Errors {
      cost = java.util.Collections.unmodifiableMap(new EnumMap<>(cost));
      count = java.util.Collections.unmodifiableMap(new EnumMap<>(count));
    }
  }

  private final BoxTable groundTruth;
  private final BoxTable found;
  private final TideMatcher matched;
  private final int[] order;
  private final long[] positives;

  private Tide(GroundTruth gt, BoxTable found, EvaluatorSettings settings) {
    this.groundTruth = gt.boxes();
    this.found = found;
    this.matched = new TideMatcher(gt, found, settings);
    this.order = matched.kept();
    ScoreOrder.sort(order, 0, order.length, found.score);
    this.positives = new long[gt.categoryNames().size()];
    for (int row = 0; row < groundTruth.size; row++) {
      positives[groundTruth.category[row]] += groundTruth.crowd.get(row) ? 0 : 1;
    }
  }

  /** Takes a results file apart. */
  public static Errors of(GroundTruth gt, DetectionResults results, EvaluatorSettings settings) {
    Tide tide = new Tide(gt, results.boxes(), settings);
    double ap = tide.ap(null);
    Map<Kind, Double> cost = new EnumMap<>(Kind.class);
    Map<Kind, Long> count = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      cost.put(kind, Math.max(0, tide.ap(kind) - ap));
      count.put(kind, kind == Kind.Miss ? tide.matched.missed().length : tide.count(kind));
    }
    return new Errors(ap, cost, count);
  }

  private long count(Kind kind) {
    return Arrays.stream(order).filter(row -> matched.kind(row) == kind).count();
  }

  /** AP with the errors of one kind fixed. */
  private double ap(@org.jspecify.annotations.Nullable Kind fixed) {
    long[] counted = positives.clone();
    if (fixed == Kind.Miss) {
      Arrays.stream(matched.missed()).forEach(row -> counted[groundTruth.category[row]]--);
    }
    Curve[] curves = new Curve[counted.length];
    Arrays.setAll(curves, c -> new Curve(counted[c]));
    for (int row : order) {
      Kind kind = matched.kind(row);
      if (kind == null) {
        curves[found.category[row]].add(true);
      } else if (kind != fixed) {
        curves[found.category[row]].add(false);
      } else if (matched.fixes(row)) {
        curves[groundTruth.category[matched.target(row)]].add(true);
      }
    }
    double sum = 0;
    int classes = 0;
    for (int c = 0; c < curves.length; c++) {
      if (positives[c] > 0) {
        sum += curves[c].ap();
        classes++;
      }
    }
    return classes == 0 ? 0 : sum / classes;
  }

  /** Right and wrong detections of one class by falling score; their AP as a sum of 101 bars. */
  private static final class Curve {
    private static final int BARS = 100;

    private final long positives;
    private final BitSet hits = new BitSet();
    private int size;

    Curve(long positives) {
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
}
