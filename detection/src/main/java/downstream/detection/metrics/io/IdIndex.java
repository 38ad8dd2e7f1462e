package downstream.detection.metrics.io;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.GroundTruth;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Places of images and categories by their ids; negative for one that is not known. */
public interface IdIndex {
  int image(long id);

  int category(long id);

  /** Returns the index of the ids of a ground truth. */
  static IdIndex of(GroundTruth groundTruth) {
    long[] images = groundTruth.imageIds().stream().mapToLong(Long::longValue).toArray();
    long[] categories = groundTruth.categoryIds().stream().mapToLong(Long::longValue).toArray();
    return new IdIndex() {
      @Override
      public int image(long id) {
        return Arrays.binarySearch(images, id);
      }

      @Override
      public int category(long id) {
        return Arrays.binarySearch(categories, id);
      }
    };
  }

  /**
   * Numbers in the order of first appearance, for results that are read before their ground truth.
   */
  final class Provisional implements IdIndex {
    private final Map<Long, Integer> images = new HashMap<>();
    private final Map<Long, Integer> categories = new HashMap<>();
    private long lastImage = Long.MIN_VALUE;
    private int lastPlace;

    @Override
    public int image(long id) {
      if (id != lastImage) {
        lastPlace = images.computeIfAbsent(id, any -> images.size());
        lastImage = id;
      }
      return lastPlace;
    }

    @Override
    public int category(long id) {
      return categories.computeIfAbsent(id, any -> categories.size());
    }

    /**
     * Gives rows the places of the ground truth; false, nothing changed, if an id is not known
     * there.
     */
    public boolean settle(BoxTable boxes, GroundTruth groundTruth) {
      int[] image = places(images, groundTruth.imageIds());
      int[] category = places(categories, groundTruth.categoryIds());
      boolean known = Arrays.stream(image).allMatch(place -> place >= 0);
      if (!known || !Arrays.stream(category).allMatch(place -> place >= 0)) {
        return false;
      }
      for (int row = 0; row < boxes.size; row++) {
        boxes.image[row] = image[boxes.image[row]];
        boxes.category[row] = category[boxes.category[row]];
      }
      return true;
    }

    private static int[] places(Map<Long, Integer> provisional, List<Long> ids) {
      long[] sorted = ids.stream().mapToLong(Long::longValue).toArray();
      int[] places = new int[provisional.size()];
      provisional.forEach((id, place) -> places[place] = Arrays.binarySearch(sorted, id));
      return places;
    }
  }
}
