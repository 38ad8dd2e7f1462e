package downstream.pretrain.mining.regions;

import downstream.eval.Workers;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.views.Region;
import java.util.ArrayList;
import java.util.List;

/** The regions kept of all images, in flat arrays instead of an object for each region. */
public final class ImageRegions {
  private final int[][] boxes;
  private final int[] first;

  /**
   * @param boxes per image its regions, four numbers each
   */
  private ImageRegions(int[][] boxes) {
    this.boxes = boxes;
    first = new int[boxes.length + 1];
    for (int i = 0; i < boxes.length; i++) {
      first[i + 1] = Math.addExact(first[i], boxes[i].length / 4);
    }
  }

  public static ImageRegions of(List<int[]> boxes) {
    return new ImageRegions(boxes.toArray(int[][]::new));
  }

  /** Searches (or reads) and filters the proposals of all images. */
  public static ImageRegions find(
      ImageSet images, MiningSettings settings, ProposalCache cache, int threads) {
    int[][] boxes = new int[images.images().size()][];
    Workers.run(
        "proposals",
        threads,
        boxes.length,
        1,
        i -> {
          ImageRecord image = images.images().get(i);
          int longer = Math.max(image.width(), image.height());
          boxes[i] = pack(filter(settings, cache.ranked(image.file()), longer));
        });
    return new ImageRegions(boxes);
  }

  /**
   * The first m regions, in the order given, that are large and compact enough and overlap with
   * none that was kept before by more than the limit (Xie et al. 2021, section 3.2). If none
   * passes, the first region.
   *
   * @param regions at least one
   * @param longer side of the image in pixels
   */
  static List<Region> filter(MiningSettings settings, List<Region> regions, int longer) {
    List<Region> kept = new ArrayList<>();
    for (Region region : regions) {
      if (kept.size() == settings.regions()) {
        break;
      }
      if (isObjectLike(settings, region, longer)
          && kept.stream().allMatch(other -> region.iou(other) <= settings.maxIou())) {
        kept.add(region);
      }
    }
    return kept.isEmpty() ? List.of(regions.get(0)) : List.copyOf(kept);
  }

  private static boolean isObjectLike(MiningSettings settings, Region region, int longer) {
    int shortSide = Math.min(region.width(), region.height());
    int longSide = Math.max(region.width(), region.height());
    return (double) shortSide / longer >= settings.minRegionSideFraction()
        && (double) longSide / shortSide <= settings.maxAspectRatio();
  }

  /** Regions as four numbers each: x, y, width, height. */
  public static int[] pack(List<Region> regions) {
    int[] packed = new int[4 * regions.size()];
    for (int i = 0; i < regions.size(); i++) {
      Region region = regions.get(i);
      packed[4 * i] = region.x();
      packed[4 * i + 1] = region.y();
      packed[4 * i + 2] = region.width();
      packed[4 * i + 3] = region.height();
    }
    return packed;
  }

  public int images() {
    return boxes.length;
  }

  /** Number of regions of all images. */
  public int total() {
    return first[boxes.length];
  }

  public int count(int image) {
    return boxes[image].length / 4;
  }

  /** Number of regions of the images before this one. */
  public int offset(int image) {
    return first[image];
  }

  public Region get(int image, int index) {
    int[] b = boxes[image];
    return new Region(b[4 * index], b[4 * index + 1], b[4 * index + 2], b[4 * index + 3]);
  }

  public List<Region> of(int image) {
    List<Region> regions = new ArrayList<>();
    for (int i = 0; i < count(image); i++) {
      regions.add(get(image, i));
    }
    return regions;
  }
}
