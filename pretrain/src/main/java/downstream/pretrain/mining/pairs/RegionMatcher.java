package downstream.pretrain.mining.pairs;

import downstream.pretrain.settings.MiningSettings;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;

/** Compares every region of a query with every region of each of its neighbours. */
public final class RegionMatcher {
  private final MiningSettings settings;
  private final RegionVectors vectors;

  public RegionMatcher(MiningSettings settings, RegionVectors vectors) {
    this.settings = settings;
    this.vectors = vectors;
  }

  /** The n best pairs with each neighbour. */
  public Match match(int query, List<Neighbour> neighbours) {
    int rows = vectors.regions().count(query);
    PairSelector selector =
        new PairSelector(settings.pairSelection(), settings.mutualPairs(), settings.pairs(rows));
    List<List<Pair>> pairs = new ArrayList<>();
    try (FloatPointer own = vectors.ofImage(query)) {
      for (Neighbour neighbour : neighbours) {
        float[] matrix = similarities(own, rows, neighbour.image());
        pairs.add(selector.select(matrix, rows, vectors.regions().count(neighbour.image())));
      }
    }
    return new Match(neighbours, pairs);
  }

  private float[] similarities(FloatPointer own, int rows, int image) {
    int columns = vectors.regions().count(image);
    float[] matrix = new float[rows * columns];
    try (FloatPointer other = vectors.ofImage(image);
        FloatPointer product = new FloatPointer(matrix.length)) {
      Gemm.innerProducts(own, rows, other, columns, vectors.width(), product);
      product.get(matrix);
    }
    return matrix;
  }
}
