package downstream.detection.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The COCO evaluator written the slow and obvious way, straight from its definition: one list of
 * objects per image and category, everything recomputed for every cell.
 */
public final class SlowCoco {
  public record Truth(int image, int category, List<Double> box, double area, boolean crowd) {}

  public record Found(int image, int category, List<Double> box, double score) {}

  private record Outcome(double score, boolean hit, boolean ignored) {}

  private final List<Truth> groundTruth;
  private final List<Found> found;
  private final int images;
  private final int categories;
  private final Geometry geometry;

  /** What stands for a box: the box itself, or something drawn into it. */
  interface Geometry {
    double iou(Found found, Truth groundTruth);

    double area(Found found);
  }

  private static final class Boxes implements Geometry {
    @Override
    public double iou(Found found, Truth groundTruth) {
      return SlowCoco.iou(found, groundTruth);
    }

    @Override
    public double area(Found found) {
      return found.box.get(2) * found.box.get(3);
    }
  }

  public SlowCoco(List<Truth> groundTruth, List<Found> found, int images, int categories) {
    this(groundTruth, found, images, categories, new Boxes());
  }

  SlowCoco(
      List<Truth> groundTruth, List<Found> found, int images, int categories, Geometry geometry) {
    this.geometry = geometry;
    this.groundTruth = groundTruth;
    this.found = found;
    this.images = images;
    this.categories = categories;
  }

  /** Mean AP (first) and AR (second) over thresholds and categories; NaN where none counts. */
  public double[] metrics(double smallest, double largest, int maxDets, double[] thresholds) {
    double precision = 0;
    double recall = 0;
    int cells = 0;
    for (int category = 0; category < categories; category++) {
      for (double threshold : thresholds) {
        double[] cell = cell(category, threshold, smallest, largest, maxDets);
        if (cell.length > 0) {
          precision += cell[0];
          recall += cell[1];
          cells++;
        }
      }
    }
    return new double[] {precision / cells, recall / cells};
  }

  private double[] cell(int category, double threshold, double least, double most, int maxDets) {
    List<Outcome> all = new ArrayList<>();
    int positives = 0;
    for (int image = 0; image < images; image++) {
      int at = image;
      List<Truth> here =
          groundTruth.stream().filter(t -> t.image == at && t.category == category).toList();
      for (Truth t : here) {
        positives += ignored(t, least, most) ? 0 : 1;
      }
      all.addAll(match(category, image, here, threshold, least, most, maxDets));
    }
    if (positives == 0) {
      return new double[0];
    }
    all.sort(Comparator.comparingDouble((Outcome o) -> -o.score));
    TreeMap<Double, Double> bestAtRecall = new TreeMap<>();
    double hits = 0;
    double misses = 0;
    bestAtRecall.put(0.0, 0.0);
    for (Outcome o : all) {
      hits += o.hit && !o.ignored ? 1 : 0;
      misses += !o.hit && !o.ignored ? 1 : 0;
      bestAtRecall.merge(hits / positives, hits / (hits + misses + Math.ulp(1.0)), Math::max);
    }
    double sum = 0;
    for (int i = 0; i <= 100; i++) {
      sum += bestAtRecall.tailMap(i * 0.01).values().stream().max(Double::compare).orElse(0.0);
    }
    return new double[] {sum / 101, hits / positives};
  }

  private List<Outcome> match(
      int category,
      int image,
      List<Truth> here,
      double threshold,
      double least,
      double most,
      int maxDets) {
    List<Truth> order = new ArrayList<>(here);
    order.sort(Comparator.comparing(t -> ignored(t, least, most)));
    Set<Truth> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Outcome> outcomes = new ArrayList<>();
    found.stream()
        .filter(f -> f.image == image && f.category == category)
        .sorted(Comparator.comparingDouble(f -> -f.score))
        .limit(maxDets)
        .forEach(f -> outcomes.add(outcome(f, order, taken, threshold, least, most)));
    return outcomes;
  }

  private Outcome outcome(
      Found f, List<Truth> order, Set<Truth> taken, double threshold, double least, double most) {
    Truth real = best(f, order.stream().filter(t -> !ignored(t, least, most)), taken, threshold);
    Truth match =
        real != null
            ? real
            : best(f, order.stream().filter(t -> ignored(t, least, most)), taken, threshold);
    if (match == null) {
      double area = geometry.area(f);
      return new Outcome(f.score, false, area < least || area > most);
    }
    taken.add(match);
    return new Outcome(f.score, true, ignored(match, least, most));
  }

  private @Nullable Truth best(
      Found f, java.util.stream.Stream<Truth> candidates, Set<Truth> taken, double threshold) {
    Truth best = null;
    for (Truth t : candidates.toList()) {
      boolean free = t.crowd || !taken.contains(t);
      if (free
          && geometry.iou(f, t) >= threshold
          && (best == null || geometry.iou(f, t) >= geometry.iou(f, best))) {
        best = t;
      }
    }
    return best;
  }

  private static boolean ignored(Truth t, double least, double most) {
    return t.crowd || t.area < least || t.area > most;
  }

  private static double iou(Found f, Truth t) {
    double[] a = f.box.stream().mapToDouble(v -> v).toArray();
    double[] b = t.box.stream().mapToDouble(v -> v).toArray();
    double w = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
    double h = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
    double inner = Math.max(w, 0) * Math.max(h, 0);
    return inner / (t.crowd ? a[2] * a[3] : a[2] * a[3] + b[2] * b[3] - inner);
  }
}
