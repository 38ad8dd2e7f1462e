package downstream.detection.metrics.voc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.Overlaps;
import downstream.detection.metrics.ScoreOrder;
import downstream.detection.metrics.coco.CocoMetrics;
import downstream.detection.metrics.mask.IntList;
import downstream.eval.Json;
import downstream.eval.task.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Pascal VOC's average precision (Everingham et al., 2010; devkits of 2007 and 2012): a detection
 * goes to the ground truth it covers best, the first of equals, and has no second choice; it is
 * right if the overlap is greater than the threshold and that ground truth is free. Difficult
 * objects (a COCO file's crowds) neither count nor make anything wrong. There is no limit of
 * detections.
 */
public final class VocEvaluator {
  /** Detectron2's ten: those of COCO, each rounded as a quotient of whole numbers. */
  public static final double[] THRESHOLDS =
      IntStream.range(0, 10).mapToDouble(i -> (50 + 5 * i) / 100.0).toArray();

  private static final int AT_50 = 0;
  private static final int AT_75 = 5;
  private static final int RECALLS = 11;

  private final GroundTruth gt;
  private final BoxTable groundTruth;
  private final BoxTable found;
  private final Overlaps overlaps;
  private final double[] thresholds;
  private final boolean elevenPoints;

  private VocEvaluator(
      GroundTruth gt, BoxTable found, Iou iou, double[] thresholds, boolean elevenPoints) {
    this.gt = gt;
    this.groundTruth = gt.boxes();
    this.found = found;
    this.overlaps = Overlaps.withoutCrowds(iou, found, groundTruth);
    this.thresholds = thresholds.clone();
    this.elevenPoints = elevenPoints;
  }

  /**
   * Scores a results file.
   *
   * @param thresholds AP is the mean over them; AP50 and AP75 need {@link #THRESHOLDS}
   * @param elevenPoints 2007's rule, else 2012's area under the curve
   */
  public static Score score(
      GroundTruth groundTruth,
      DetectionResults results,
      Iou iou,
      double[] thresholds,
      boolean elevenPoints) {
    VocEvaluator voc =
        new VocEvaluator(groundTruth, results.boxes(), iou, thresholds, elevenPoints);
    Map<Integer, double[]> byClass = voc.byClass();
    ObjectNode perClass = Json.MAPPER.createObjectNode();
    for (int c = 0; c < groundTruth.categoryNames().size(); c++) {
      ObjectNode row =
          perClass.putObject(CocoMetrics.uniqueName(perClass, groundTruth.categoryNames().get(c)));
      voc.summary(Optional.ofNullable(byClass.get(c)).stream().toList())
          .forEach((name, value) -> row.put(name, value.orElse(null)));
      row.put("ground_truth", voc.positives(c));
    }
    Map<String, Optional<Double>> metrics = new LinkedHashMap<>();
    CocoMetrics.names(EvaluatorSettings.COCO.maxDets())
        .forEach(name -> metrics.put(name, Optional.empty()));
    metrics.putAll(voc.summary(List.copyOf(byClass.values())));
    List<String> warnings = new ArrayList<>(groundTruth.warnings());
    warnings.addAll(results.warnings());
    return new Score(metrics, perClass, voc.counts(results), warnings);
  }

  private Map<String, Long> counts(DetectionResults results) {
    return Map.of(
        "images", (long) gt.imageIds().size(),
        "ground_truth", (long) groundTruth.size,
        "difficult", IntStream.range(0, groundTruth.size).filter(this::isDifficult).count(),
        "detections", (long) found.size,
        "dropped_unknown_category", results.unknownCategory());
  }

  private Map<String, Optional<Double>> summary(List<double[]> byClass) {
    Map<String, Optional<Double>> metrics = new LinkedHashMap<>();
    metrics.put("AP", mean(byClass, 0, thresholds.length));
    if (Arrays.equals(thresholds, THRESHOLDS)) {
      metrics.put("AP50", mean(byClass, AT_50, AT_50 + 1));
      metrics.put("AP75", mean(byClass, AT_75, AT_75 + 1));
    }
    return metrics;
  }

  private static Optional<Double> mean(List<double[]> byClass, int from, int to) {
    var mean =
        byClass.stream()
            .mapToDouble(values -> Arrays.stream(values, from, to).sum() / (to - from))
            .average();
    return mean.isPresent() ? Optional.of(mean.getAsDouble()) : Optional.empty();
  }

  /** AP by threshold of every class that has ground truth. */
  private Map<Integer, double[]> byClass() {
    int categories = gt.categoryNames().size();
    int images = gt.imageIds().size();
    List<IntList> rows = new ArrayList<>();
    List<IntList> groundTruthRows = new ArrayList<>();
    for (int c = 0; c < categories; c++) {
      rows.add(new IntList());
      groundTruthRows.add(new IntList());
    }
    for (int row = 0; row < found.size; row++) {
      rows.get(found.category[row]).add(row);
    }
    for (int row : groundTruth.byCategoryAndImage(categories, images)) {
      groundTruthRows.get(groundTruth.category[row]).add(row);
    }
    Map<Integer, double[]> byClass = new LinkedHashMap<>();
    for (int c = 0; c < categories; c++) {
      if (positives(c) > 0) {
        byClass.put(c, precision(c, rows.get(c).toArray(), groundTruthRows.get(c).toArray()));
      }
    }
    return byClass;
  }

  private double[] precision(int category, int[] rows, int[] groundTruthRows) {
    ScoreOrder.sort(rows, 0, rows.length, found.score);
    int[] first = firstByImage(groundTruthRows);
    int[] best = Arrays.stream(rows).map(row -> best(row, groundTruthRows, first)).toArray();
    return DoubleStream.of(thresholds)
        .map(t -> averagePrecision(rows, best, t, positives(category)))
        .toArray();
  }

  private int[] firstByImage(int[] groundTruthRows) {
    int[] first = new int[gt.imageIds().size()];
    Arrays.fill(first, groundTruthRows.length);
    for (int i = groundTruthRows.length - 1; i >= 0; i--) {
      first[groundTruth.image[groundTruthRows[i]]] = i;
    }
    return first;
  }

  /** The ground truth a detection covers best, or -1 if it touches none. */
  private int best(int row, int[] groundTruthRows, int[] first) {
    int image = found.image[row];
    int best = -1;
    double most = 0;
    for (int i = first[image];
        i < groundTruthRows.length && groundTruth.image[groundTruthRows[i]] == image;
        i++) {
      double overlap = overlaps.of(row, groundTruthRows[i]);
      if (overlap > most) {
        most = overlap;
        best = groundTruthRows[i];
      }
    }
    return best;
  }

  private double averagePrecision(int[] rows, int[] best, double threshold, long positives) {
    boolean[] taken = new boolean[groundTruth.size];
    double[] recall = new double[rows.length];
    double[] precision = new double[rows.length];
    double hits = 0;
    double misses = 0;
    for (int i = 0; i < rows.length; i++) {
      boolean covers = best[i] >= 0 && overlaps.of(rows[i], best[i]) > threshold;
      if (!covers || !isDifficult(best[i])) {
        boolean hit = covers && !taken[best[i]];
        hits += hit ? 1 : 0;
        misses += hit ? 0 : 1;
        if (hit) {
          taken[best[i]] = true;
        }
      }
      recall[i] = hits / positives;
      precision[i] = hits / Math.max(hits + misses, Math.ulp(1.0));
    }
    return elevenPoints ? elevenPoints(recall, precision) : area(recall, precision);
  }

  private boolean isDifficult(int row) {
    return groundTruth.ignored.get(row) || groundTruth.crowd.get(row);
  }

  private long positives(int category) {
    return IntStream.range(0, groundTruth.size)
        .filter(row -> groundTruth.category[row] == category && !isDifficult(row))
        .count();
  }

  /**
   * 2007: mean over the recalls i · 0.1 of the greatest precision at that recall or beyond. The
   * products are kept in binary, as numpy has them: .30000000000000004, not .3.
   */
  static double elevenPoints(double[] recall, double[] precision) {
    double sum = 0;
    for (int point = 0; point < RECALLS; point++) {
      double greatest = 0;
      for (int i = 0; i < recall.length; i++) {
        if (recall[i] >= point * 0.1) {
          greatest = Math.max(greatest, precision[i]);
        }
      }
      sum += greatest / RECALLS;
    }
    return sum;
  }

  /** 2012: the area under the precision, made non-increasing from the right. */
  static double area(double[] recall, double[] precision) {
    double area = 0;
    double greatest = 0;
    for (int i = recall.length - 1; i >= 0; i--) {
      greatest = Math.max(greatest, precision[i]);
      area += (recall[i] - (i == 0 ? 0 : recall[i - 1])) * greatest;
    }
    return area;
  }
}
