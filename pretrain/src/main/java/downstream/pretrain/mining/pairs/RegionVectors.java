package downstream.pretrain.mining.pairs;

import downstream.eval.encoder.frozen.FeatureCache;
import downstream.pretrain.mining.regions.ImageRegions;
import org.bytedeco.javacpp.FloatPointer;

/** The embeddings of all regions as unit vectors, read from disk as they are asked for. */
public final class RegionVectors {
  private final ImageRegions regions;
  private final FeatureCache embeddings;
  private final int width;
  private final double[] mean;

  private RegionVectors(ImageRegions regions, FeatureCache embeddings, int width, double[] mean) {
    this.regions = regions;
    this.embeddings = embeddings;
    this.width = width;
    this.mean = mean;
  }

  /**
   * @param embeddings one row a region, whether it is kept or not
   * @param width values a row
   * @param centred whether the mean of all is subtracted
   */
  public static RegionVectors of(
      ImageRegions regions, FeatureCache embeddings, int width, boolean centred) {
    double[] mean = UnitVectors.zero(width);
    RegionVectors raw = new RegionVectors(regions, embeddings, width, mean);
    return centred
        ? new RegionVectors(
            regions, embeddings, width, UnitVectors.mean(regions.total(), width, raw::row))
        : raw;
  }

  /** The same vectors of fewer regions. */
  public RegionVectors of(ImageRegions kept) {
    return new RegionVectors(kept, embeddings, width, mean);
  }

  ImageRegions regions() {
    return regions;
  }

  int width() {
    return width;
  }

  /** An image's regions: count × width, to be closed. */
  FloatPointer ofImage(int image) {
    float[] all = new float[regions.count(image) * width];
    for (int i = 0; i < regions.count(image); i++) {
      System.arraycopy(unit(image, i), 0, all, i * width, width);
    }
    return new FloatPointer(all);
  }

  float[] unit(int image, int index) {
    return UnitVectors.normalise(row(regions.row(image, index)), mean);
  }

  private float[] row(int row) {
    return embeddings
        .read(row)
        .orElseThrow(() -> new IllegalStateException("region " + row + " lost its embedding"));
  }
}
