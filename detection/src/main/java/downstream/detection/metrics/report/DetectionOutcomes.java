package downstream.detection.metrics.report;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.Overlaps;
import downstream.detection.metrics.ScoreOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Hits, false detections and misses worth showing, image by image: detections above the score at
 * which F1 over all images is highest (IoU .5, class by class, each ground truth taken once by the
 * strongest), and the ground truth that those leave.
 */
final class DetectionOutcomes {
  private static final double HIT_IOU = 0.5;
  private static final int NO_MATCH = -1;
  private static final int IN_CROWD = -2;

  private final BoxTable groundTruth;
  private final BoxTable found;
  private final Overlaps overlaps;
  private final int[] groundTruthRows;
  private final int[] foundRows;
  private final int[] groundTruthStart;
  private final int[] foundStart;
  private final int[] match;
  private final double threshold;

  DetectionOutcomes(GroundTruth gt, BoxTable found, Iou iou) {
    this.groundTruth = gt.boxes();
    this.found = found;
    this.overlaps = Overlaps.of(iou, found, groundTruth);
    int images = gt.imageIds().size();
    this.groundTruthRows = groundTruth.byImage(images);
    this.foundRows = found.byImage(images);
    this.groundTruthStart = starts(groundTruth, groundTruthRows, images);
    this.foundStart = starts(found, foundRows, images);
    this.match = new int[found.size];
    for (int image = 0; image < images; image++) {
      matchImage(image);
    }
    this.threshold = bestThreshold();
  }

  /**
   * One image's rows.
   *
   * @param hits and {@code falseOnes} of the detections, strongest first
   * @param missed of the ground truth
   */
  record OfImage(int image, List<Integer> hits, List<Integer> falseOnes, List<Integer> missed) {
    int errors() {
      return falseOnes.size() + missed.size();
    }
  }

  /** Returns the outcomes of one image. */
  OfImage of(int image) {
    List<Integer> hits = new ArrayList<>();
    List<Integer> falseOnes = new ArrayList<>();
    BitSet taken = new BitSet();
    for (int i = foundStart[image]; i < foundStart[image + 1]; i++) {
      int row = foundRows[i];
      if (found.score[row] >= threshold && match[row] >= 0) {
        hits.add(row);
        taken.set(match[row]);
      } else if (found.score[row] >= threshold && match[row] == NO_MATCH) {
        falseOnes.add(row);
      }
    }
    List<Integer> missed =
        IntStream.range(groundTruthStart[image], groundTruthStart[image + 1])
            .map(i -> groundTruthRows[i])
            .filter(row -> !groundTruth.crowd.get(row) && !taken.get(row))
            .boxed()
            .toList();
    return new OfImage(image, hits, falseOnes, missed);
  }

  /** The images with the most errors, worst first; those without any are not among them. */
  List<OfImage> worst(int count) {
    return IntStream.range(0, groundTruthStart.length - 1)
        .mapToObj(this::of)
        .filter(outcome -> outcome.errors() > 0)
        .sorted(Comparator.comparingInt(OfImage::errors).reversed())
        .limit(count)
        .toList();
  }

  /** Returns the first row of each image; one entry more than there are images. */
  private static int[] starts(BoxTable table, int[] rows, int images) {
    int[] starts = new int[images + 1];
    for (int row : rows) {
      starts[table.image[row] + 1]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    return starts;
  }

  private void matchImage(int image) {
    ScoreOrder.sort(foundRows, foundStart[image], foundStart[image + 1], found.score);
    BitSet taken = new BitSet();
    for (int i = foundStart[image]; i < foundStart[image + 1]; i++) {
      int row = foundRows[i];
      match[row] = NO_MATCH;
      double least = HIT_IOU;
      for (int g = groundTruthStart[image]; g < groundTruthStart[image + 1]; g++) {
        int object = groundTruthRows[g];
        boolean own = groundTruth.category[object] == found.category[row] && !taken.get(object);
        double overlap = own ? overlaps.of(row, object) : 0;
        if (own && groundTruth.crowd.get(object)) {
          match[row] = overlap >= HIT_IOU && match[row] == NO_MATCH ? IN_CROWD : match[row];
        } else if (own && overlap >= least) {
          least = overlap;
          match[row] = object;
        }
      }
      if (match[row] >= 0) {
        taken.set(match[row]);
      }
    }
  }

  private double bestThreshold() {
    int[] order = IntStream.range(0, found.size).filter(row -> match[row] != IN_CROWD).toArray();
    ScoreOrder.sort(order, 0, order.length, found.score);
    long objects = (long) groundTruth.size - groundTruth.crowd.cardinality();
    double best = 0;
    double at = Double.POSITIVE_INFINITY;
    double hits = 0;
    for (int i = 0; i < order.length; i++) {
      hits += match[order[i]] >= 0 ? 1 : 0;
      boolean last = i + 1 == order.length || found.score[order[i + 1]] != found.score[order[i]];
      double f1 = 2 * hits / (i + 1 + objects);
      if (last && f1 > best) {
        best = f1;
        at = found.score[order[i]];
      }
    }
    return at;
  }
}
