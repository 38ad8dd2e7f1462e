package downstream.detection.metrics.coco;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.Federation;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.ScoreOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Selection of the detections that LVIS evaluates: the best of each image over all categories, and
 * of those the ones whose category is annotated in the image or was checked and found absent.
 */
final class FederatedSelection {
  private final BitSet kept = new BitSet();
  private final long unchecked;

  FederatedSelection(
      GroundTruth gt, Federation federation, BoxTable detections, EvaluatorSettings settings) {
    BitSet best = best(detections, gt.imageIds().size(), settings.lastMaxDets());
    int categories = gt.categoryNames().size();
    BoxTable groundTruth = gt.boxes();
    Set<Long> present = new HashSet<>();
    for (int row = 0; row < groundTruth.size; row++) {
      present.add(Federation.pair(groundTruth.image[row], groundTruth.category[row], categories));
    }
    for (int row = best.nextSetBit(0); row >= 0; row = best.nextSetBit(row + 1)) {
      int image = detections.image[row];
      int category = detections.category[row];
      boolean checked =
          federation.isAbsent(image, category)
              || present.contains(Federation.pair(image, category, categories));
      kept.set(row, checked);
    }
    unchecked = (long) best.cardinality() - kept.cardinality();
  }

  private static BitSet best(BoxTable detections, int images, int limit) {
    BitSet best = new BitSet();
    int[] rows = detections.byImage(images);
    for (int from = 0; from < rows.length; ) {
      int to = from;
      while (to < rows.length && detections.image[rows[to]] == detections.image[rows[from]]) {
        to++;
      }
      ScoreOrder.sort(rows, from, to, detections.score);
      Arrays.stream(rows, from, Math.min(to, from + limit)).forEach(best::set);
      from = to;
    }
    return best;
  }

  /** The rows that are looked at, in their order. */
  int[] filter(int[] rows) {
    return Arrays.stream(rows).filter(kept::get).toArray();
  }

  /** Detections of which nobody knows whether they are right. */
  long unchecked() {
    return unchecked;
  }
}
