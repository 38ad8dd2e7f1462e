package downstream.pretrain.mining.regions;

import downstream.eval.Workers;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.views.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The regions kept of all images, in flat arrays instead of an object for each region. */
public final class ImageRegions {
  private static final float[] UNKNOWN = {};
  private static final double ROUNDING = 1e-9;

  private final int[][] boxes;
  private final int[] first;
  private final int[][] rows;
  private final float[][] hubness;

  /**
   * @param boxes per image its regions, four numbers each
   */
  private ImageRegions(int[][] boxes) {
    this(boxes, new int[0][], new float[0][]);
  }

  /**
   * @param boxes per image its regions, four numbers each
   * @param rows per image the rows of its regions' embeddings; empty if these are in order
   * @param hubness per image that of its regions; empty if it was not measured
   */
  private ImageRegions(int[][] boxes, int[][] rows, float[][] hubness) {
    this.boxes = boxes;
    this.rows = rows;
    this.hubness = hubness;
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
          List<Region> ranked = cache.ranked(image.file());
          boxes[i] = pack(filter(settings, ranked, image.width(), image.height()));
        });
    return new ImageRegions(boxes);
  }

  /**
   * The first m regions, in the order given, that are compact and of a size within the limits, and
   * overlap with none that was kept before by more than the limit (Xie et al. 2021, section 3.2).
   * If none passes, the first region.
   *
   * @param regions at least one
   * @param width of the image in pixels
   * @param height of the image in pixels
   */
  static List<Region> filter(MiningSettings settings, List<Region> regions, int width, int height) {
    List<Region> kept = new ArrayList<>();
    for (Region region : regions) {
      if (kept.size() == settings.regions()) {
        break;
      }
      if (isObjectLike(settings, region, width, height)
          && kept.stream().allMatch(other -> region.iou(other) <= settings.maxIou())) {
        kept.add(region);
      }
    }
    return kept.isEmpty() ? List.of(regions.get(0)) : List.copyOf(kept);
  }

  private static boolean isObjectLike(
      MiningSettings settings, Region region, int width, int height) {
    int shortSide = Math.min(region.width(), region.height());
    int longSide = Math.max(region.width(), region.height());
    double area = (double) region.area() / ((long) width * height);
    return (double) shortSide / Math.max(width, height) >= settings.minRegionSideFraction()
        && area <= settings.maxRegionAreaFraction()
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

  /** Position of a region's embedding among those of all that were searched. */
  public int row(int image, int index) {
    return rows.length == 0 ? first[image] + index : rows[image][index];
  }

  /** Hubness of an image's regions; empty if it was not measured. */
  public float[] hubness(int image) {
    return hubness.length == 0 ? UNKNOWN : hubness[image];
  }

  /**
   * The regions without those of the largest hubness.
   *
   * @param measured per image the hubness of its regions
   * @param fraction of all regions that are dropped; each image keeps the one of the least hubness
   * @return with their hubness
   */
  public ImageRegions withoutHubs(float[][] measured, double fraction) {
    double limit = limit(measured, fraction);
    int[][] keptBoxes = new int[boxes.length][];
    int[][] keptRows = new int[boxes.length][];
    float[][] keptHubness = new float[boxes.length][];
    for (int image = 0; image < boxes.length; image++) {
      float[] values = measured[image];
      int least = leastOf(values);
      int[] kept =
          IntStream.range(0, values.length).filter(i -> values[i] <= limit || i == least).toArray();
      keptBoxes[image] = new int[4 * kept.length];
      keptRows[image] = new int[kept.length];
      keptHubness[image] = new float[kept.length];
      for (int i = 0; i < kept.length; i++) {
        System.arraycopy(boxes[image], 4 * kept[i], keptBoxes[image], 4 * i, 4);
        keptRows[image][i] = row(image, kept[i]);
        keptHubness[image][i] = values[kept[i]];
      }
    }
    return new ImageRegions(keptBoxes, keptRows, keptHubness);
  }

  /** The largest hubness that is kept. */
  private double limit(float[][] measured, double fraction) {
    int kept = total() - (int) Math.floor(fraction * total() + ROUNDING);
    double[] sorted =
        Arrays.stream(measured)
            .flatMapToDouble(
                values -> IntStream.range(0, values.length).mapToDouble(i -> values[i]))
            .sorted()
            .toArray();
    return sorted[Math.max(0, kept - 1)];
  }

  private static int leastOf(float[] values) {
    int least = 0;
    for (int i = 1; i < values.length; i++) {
      least = values[i] < values[least] ? i : least;
    }
    return least;
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
