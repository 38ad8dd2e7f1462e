package downstream.segmentation.metrics;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Panoptic quality (Kirillov et al. 2019, equation 1) as panopticapi counts it. A true and a
 * predicted segment of one class match if their IoU is above 0.5; the union leaves out what of the
 * prediction lies on unlabelled pixels. Crowds never match; a prediction that lies by more than
 * half on unlabelled pixels and a crowd of its class is no mistake.
 */
public final class PanopticQuality {
  /** The id of pixels that belong to no segment. */
  public static final int VOID = 0;

  /**
   * One segment of an image.
   *
   * @param area pixels
   * @param crowd whether it stands for many things that were not told apart
   */
  public record Segment(int id, long category, long area, boolean crowd) {}

  /** Counts of one class, and its metrics: empty where there is nothing to divide by. */
  static final class OfClass {
    private double iou;
    private long truePositives;
    private long falsePositives;
    private long falseNegatives;

    long truePositives() {
      return truePositives;
    }

    long falsePositives() {
      return falsePositives;
    }

    long falseNegatives() {
      return falseNegatives;
    }

    private double denominator() {
      return truePositives + 0.5 * falsePositives + 0.5 * falseNegatives;
    }

    Optional<Double> pq() {
      return denominator() == 0 ? Optional.empty() : Optional.of(iou / denominator());
    }

    /** Mean IoU of the matches, 0 without any. */
    Optional<Double> sq() {
      return pq().map(any -> truePositives == 0 ? 0 : iou / truePositives);
    }

    /** F1 of the matches. */
    Optional<Double> rq() {
      return pq().map(any -> truePositives / denominator());
    }

    private void add(OfClass other) {
      iou += other.iou;
      truePositives += other.truePositives;
      falsePositives += other.falsePositives;
      falseNegatives += other.falseNegatives;
    }
  }

  /**
   * The means over classes.
   *
   * @param classes how many have a segment at all, and are averaged
   */
  record Means(Optional<Double> pq, Optional<Double> sq, Optional<Double> rq, int classes) {}

  private final Map<Long, OfClass> byCategory = new TreeMap<>();

  /** The counts of a class; all 0 if it was never met. */
  OfClass of(long category) {
    return byCategory.computeIfAbsent(category, none -> new OfClass());
  }

  /** Averages those of these classes that have a true or predicted segment. */
  Means means(Collection<Long> categories) {
    List<OfClass> met = categories.stream().map(this::of).filter(c -> c.pq().isPresent()).toList();
    if (met.isEmpty()) {
      return new Means(Optional.empty(), Optional.empty(), Optional.empty(), 0);
    }
    double pq = 0;
    double sq = 0;
    double rq = 0;
    for (OfClass c : met) {
      pq += c.pq().orElseThrow();
      sq += c.sq().orElseThrow();
      rq += c.rq().orElseThrow();
    }
    int n = met.size();
    return new Means(Optional.of(pq / n), Optional.of(sq / n), Optional.of(rq / n), n);
  }

  /** Adds the counts of other images. */
  public void add(PanopticQuality other) {
    other.byCategory.forEach((category, counts) -> of(category).add(counts));
  }

  /**
   * Adds one image.
   *
   * @param groundTruthIds segment id of every pixel, {@link #VOID} where there is none
   * @param groundTruth its segments; ids that are not listed count as neither void nor segment
   * @param predictedIds as many pixels
   * @param predicted its segments
   */
  public void add(
      int[] groundTruthIds,
      List<Segment> groundTruth,
      int[] predictedIds,
      List<Segment> predicted) {
    Map<Long, Long> overlaps = overlaps(groundTruthIds, predictedIds);
    Set<Integer> matched = new HashSet<>();
    Map<Long, Integer> crowds = new HashMap<>();
    for (Segment segment : groundTruth) {
      if (segment.crowd()) {
        // As in panopticapi a class has one crowd; of several the last counts.
        crowds.put(segment.category(), segment.id());
      } else {
        Optional<Segment> match = match(segment, predicted, overlaps);
        match.ifPresentOrElse(
            m -> matched.add(m.id()), () -> of(segment.category()).falseNegatives++);
      }
    }
    for (Segment segment : predicted) {
      if (!matched.contains(segment.id()) && !excused(segment, crowds, overlaps)) {
        of(segment.category()).falsePositives++;
      }
    }
  }

  /** Matching segment; at most one can overlap by more than half. */
  private Optional<Segment> match(
      Segment groundTruth, List<Segment> predicted, Map<Long, Long> overlaps) {
    for (Segment prediction : predicted) {
      long both = overlap(overlaps, groundTruth.id(), prediction.id());
      if (both > 0 && prediction.category() == groundTruth.category()) {
        long onVoid = overlap(overlaps, VOID, prediction.id());
        double iou = both / (double) (prediction.area() + groundTruth.area() - both - onVoid);
        if (iou > 0.5) {
          OfClass counts = of(groundTruth.category());
          counts.truePositives++;
          counts.iou += iou;
          return Optional.of(prediction);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean excused(
      Segment prediction, Map<Long, Integer> crowds, Map<Long, Long> overlaps) {
    long outside = overlap(overlaps, VOID, prediction.id());
    Integer crowd = crowds.get(prediction.category());
    outside += crowd == null ? 0 : overlap(overlaps, crowd, prediction.id());
    return outside / (double) prediction.area() > 0.5;
  }

  private static Map<Long, Long> overlaps(int[] groundTruth, int[] predicted) {
    Map<Long, Long> overlaps = new HashMap<>();
    int start = 0;
    for (int i = 1; i <= groundTruth.length; i++) {
      if (i == groundTruth.length
          || groundTruth[i] != groundTruth[start]
          || predicted[i] != predicted[start]) {
        overlaps.merge(key(groundTruth[start], predicted[start]), (long) i - start, Long::sum);
        start = i;
      }
    }
    return overlaps;
  }

  private static long overlap(Map<Long, Long> overlaps, int groundTruth, int predicted) {
    return Objects.requireNonNullElse(overlaps.get(key(groundTruth, predicted)), 0L);
  }

  private static long key(int groundTruth, int predicted) {
    return (long) groundTruth << 32 | predicted;
  }
}
