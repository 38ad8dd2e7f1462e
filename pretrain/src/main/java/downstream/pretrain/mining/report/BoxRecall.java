package downstream.pretrain.mining.report;

import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.pretrain.views.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Recall of ground-truth boxes, in all and by size: by COCO's limits (areas of 32² and 96² pixels),
 * which say little of small images, and in thirds by share of the image's area.
 */
final class BoxRecall {
  private static final double SMALL = 32 * 32;
  private static final double LARGE = 96 * 96;

  private record Found(double area, double share, boolean proposed, boolean kept) {}

  private final List<Found> boxes = new ArrayList<>();

  /** Counts the boxes of one image. */
  void add(
      ImageSet images,
      int image,
      ObjectLabels groundTruth,
      List<Region> proposals,
      List<Region> kept) {
    ImageRecord record = images.images().get(image);
    double pixels = (double) record.width() * record.height();
    for (Box box : groundTruth.boxes(image)) {
      double share = box.width() * box.height() / pixels;
      boxes.add(new Found(box.area(), share, isHit(box, proposals), isHit(box, kept)));
    }
  }

  private static boolean isHit(Box box, List<Region> regions) {
    return regions.stream().anyMatch(region -> ObjectLabels.iou(region, box) >= ObjectLabels.SAME);
  }

  /** Rows for {@link MiningStatistics}; none for sizes that no box has. */
  List<MiningStatistics.Recall> rows() {
    List<MiningStatistics.Recall> rows = new ArrayList<>();
    add(rows, "all", boxes);
    add(rows, "small, below 32²", where(found -> found.area() < SMALL));
    add(rows, "medium", where(found -> found.area() >= SMALL && found.area() <= LARGE));
    add(rows, "large, above 96²", where(found -> found.area() > LARGE));
    List<Found> sorted = boxes.stream().sorted(Comparator.comparingDouble(Found::share)).toList();
    String[] names = {"smallest", "middle", "largest"};
    for (int third = 0; third < 3 && sorted.size() >= 3; third++) {
      int end = sorted.size() * (third + 1) / 3;
      List<Found> part = sorted.subList(sorted.size() * third / 3, end);
      double limit = part.get(part.size() - 1).share();
      String upTo =
          String.format(java.util.Locale.ROOT, " third, to %.1f%% of the image", 100 * limit);
      add(rows, names[third] + upTo, part);
    }
    return rows;
  }

  private List<Found> where(Predicate<Found> condition) {
    return boxes.stream().filter(condition).toList();
  }

  private static void add(List<MiningStatistics.Recall> rows, String size, List<Found> found) {
    if (!found.isEmpty()) {
      double count = found.size();
      rows.add(
          new MiningStatistics.Recall(
              size,
              found.size(),
              found.stream().filter(Found::proposed).count() / count,
              found.stream().filter(Found::kept).count() / count));
    }
  }
}
