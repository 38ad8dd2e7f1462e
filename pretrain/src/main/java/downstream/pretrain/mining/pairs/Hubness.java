package downstream.pretrain.mining.pairs;

import downstream.eval.Workers;
import downstream.pretrain.mining.regions.ImageRegions;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The hubness of regions: the mean cosine with the ten nearest regions of other images (the r of
 * cross-domain similarity local scaling, Conneau et al., ICLR 2018). Regions that are like many
 * others, such as plain ground, have a large one. Compared are at most 20,000 regions, spread
 * evenly over all, so that the cost grows with the number of regions and not with its square.
 */
public final class Hubness {
  private static final int SAMPLE = 20_000;
  private static final int NEAREST = 10;
  private static final int COLUMNS = 4096;

  private final RegionVectors vectors;
  private final ImageRegions regions;

  /** The image of each region that others are compared with, ascending. */
  private final int[] images;

  private final FloatPointer sample;

  private Hubness(RegionVectors vectors, int[] images, FloatPointer sample) {
    this.vectors = vectors;
    this.regions = vectors.regions();
    this.images = images;
    this.sample = sample;
  }

  /**
   * Measures all regions.
   *
   * @param threads how many images are worked on at once; changes no result
   * @return per image the hubness of its regions, in [−1, 1], to six places
   */
  public static float[][] measure(RegionVectors vectors, int threads) {
    ImageRegions regions = vectors.regions();
    int step = (regions.total() + SAMPLE - 1) / SAMPLE;
    int count = (regions.total() + step - 1) / step;
    int width = vectors.width();
    int[] images = new int[count];
    float[][] found = new float[regions.images()][];
    try (FloatPointer sample = new FloatPointer((long) count * width)) {
      int at = 0;
      for (int image = 0; image < regions.images(); image++) {
        for (int i = 0; i < regions.count(image); i++) {
          if ((regions.offset(image) + i) % step == 0) {
            images[at] = image;
            sample.getPointer((long) at * width).put(vectors.unit(image, i), 0, width);
            at++;
          }
        }
      }
      Hubness hubness = new Hubness(vectors, images, sample);
      Workers.run("hubness", threads, found.length, 1, i -> found[i] = hubness.of(i));
    }
    return found;
  }

  private float[] of(int image) {
    int rows = regions.count(image);
    float[][] nearest = new float[rows][NEAREST];
    for (float[] row : nearest) {
      Arrays.fill(row, Float.NEGATIVE_INFINITY);
    }
    float[] products = new float[rows * COLUMNS];
    try (FloatPointer own = vectors.ofImage(image);
        FloatPointer block = new FloatPointer(products.length)) {
      for (int first = 0; first < images.length; first += COLUMNS) {
        int columns = Math.min(COLUMNS, images.length - first);
        FloatPointer part = sample.getPointer((long) first * vectors.width());
        Gemm.innerProducts(own, rows, part, columns, vectors.width(), block);
        block.get(products, 0, rows * columns);
        for (int row = 0; row < rows; row++) {
          for (int column = 0; column < columns; column++) {
            if (images[first + column] != image) {
              offer(nearest[row], products[row * columns + column]);
            }
          }
        }
      }
    }
    float[] means = new float[rows];
    for (int row = 0; row < rows; row++) {
      means[row] = PairSelector.rounded(mean(nearest[row]));
    }
    return means;
  }

  /** Keeps the largest, largest first. */
  private static void offer(float[] largest, float value) {
    int at = largest.length - 1;
    if (value <= largest[at]) {
      return;
    }
    for (; at > 0 && largest[at - 1] < value; at--) {
      largest[at] = largest[at - 1];
    }
    largest[at] = value;
  }

  /** The mean of those that were found; 0 if none was. */
  private static float mean(float[] nearest) {
    double sum = 0;
    int count = 0;
    for (float value : nearest) {
      if (value > Float.NEGATIVE_INFINITY) {
        sum += value;
        count++;
      }
    }
    return count == 0 ? 0 : (float) (sum / count);
  }
}
