package downstream.pretrain.mining.regions;

import downstream.eval.Workers;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.views.Region;
import java.util.ArrayList;
import java.util.List;

/** The regions kept of every image, without an object a region. */
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
    RegionFilter filter = new RegionFilter(settings);
    int[][] boxes = new int[images.pictures().size()][];
    Workers.run(
        "proposals",
        threads,
        boxes.length,
        1,
        i -> {
          ImageRecord image = images.pictures().get(i);
          int longer = Math.max(image.width(), image.height());
          boxes[i] = pack(filter.kept(cache.ranked(image.file()), longer));
        });
    return new ImageRegions(boxes);
  }

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

  /** Of all images. */
  public int total() {
    return first[boxes.length];
  }

  public int count(int image) {
    return boxes[image].length / 4;
  }

  /** How many regions the images before this one have. */
  public int first(int image) {
    return first[image];
  }

  public Region get(int image, int roi) {
    int[] b = boxes[image];
    return new Region(b[4 * roi], b[4 * roi + 1], b[4 * roi + 2], b[4 * roi + 3]);
  }

  public List<Region> of(int image) {
    List<Region> regions = new ArrayList<>();
    for (int i = 0; i < count(image); i++) {
      regions.add(get(image, i));
    }
    return regions;
  }
}
