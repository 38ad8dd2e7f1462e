package downstream.pretrain.mining.pairs;

import downstream.eval.encoder.frozen.FeatureCache;
import downstream.pretrain.mining.regions.ImageRegions;
import downstream.pretrain.settings.MiningSettings;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;

/** Compares every region of a query with every region of each of its neighbours. */
public final class RegionMatcher {
  private final MiningSettings settings;
  private final ImageRegions regions;
  private final FeatureCache embeddings;
  private final int width;
  private final double[] mean;

  /**
   * @param embeddings one row a region
   * @param width values a row
   */
  public RegionMatcher(
      MiningSettings settings, ImageRegions regions, FeatureCache embeddings, int width) {
    this.settings = settings;
    this.regions = regions;
    this.embeddings = embeddings;
    this.width = width;
    mean =
        settings.centerEmbeddings()
            ? UnitVectors.mean(regions.total(), width, this::embedding)
            : UnitVectors.zero(width);
  }

  /** The n best pairs with each neighbour. */
  public Match match(int query, List<Neighbour> neighbours) {
    int rows = regions.count(query);
    List<List<Pair>> pairs = new ArrayList<>();
    try (FloatPointer own = unit(query)) {
      for (Neighbour neighbour : neighbours) {
        float[] matrix = similarities(own, rows, neighbour.image());
        int columns = regions.count(neighbour.image());
        int count = settings.pairs(rows);
        pairs.add(PairSelector.select(matrix, rows, columns, count, settings.pairSelection()));
      }
    }
    return new Match(neighbours, pairs);
  }

  private float[] similarities(FloatPointer own, int rows, int image) {
    int columns = regions.count(image);
    float[] matrix = new float[rows * columns];
    try (FloatPointer other = unit(image);
        FloatPointer product = new FloatPointer(matrix.length)) {
      Gemm.innerProducts(own, rows, other, columns, width, product);
      product.get(matrix);
    }
    return matrix;
  }

  /** An image's regions as unit vectors: count × width. */
  private FloatPointer unit(int image) {
    float[] all = new float[regions.count(image) * width];
    for (int i = 0; i < regions.count(image); i++) {
      float[] row = UnitVectors.normalise(embedding(regions.offset(image) + i), mean);
      System.arraycopy(row, 0, all, i * width, width);
    }
    return new FloatPointer(all);
  }

  private float[] embedding(int row) {
    return embeddings
        .read(row)
        .orElseThrow(() -> new IllegalStateException("region " + row + " lost its embedding"));
  }
}
