package downstream.eval.encoder.build;

import static downstream.eval.encoder.graph.GraphWriter.attribute;

import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.graph.GraphWriter;
import java.util.List;

/**
 * A bias on attention by the distance of two patches, one table for all blocks (BEiT, Bao et al.,
 * 2022; SimMIM). The table has a row for each of the (2g - 1)² distances on a grid of g × g
 * patches, and with a class token three more: from it to a patch, from a patch to it, from it to
 * itself.
 */
public final class RelativePositions {
  /** The table [rows, heads]. */
  public static final String TABLE = "relative_positions";

  /** The row of each pair of tokens: int64 [T²]. */
  public static final String INDEX = "relative_positions.index";

  /** The shape of {@link #BIAS}. */
  public static final String SHAPE = "relative_positions.shape";

  /** The bias of all pairs of tokens: [1, heads, T, T]. */
  static final String BIAS = "relative_positions.bias";

  private static final int CLASS_TOKEN_ROWS = 3;

  private RelativePositions() {}

  static void write(GraphWriter graph, VitArchitecture network) {
    int heads = network.heads();
    int rows = rows(network.grid(), network.classToken());
    graph.weight(TABLE, new float[rows * heads], rows, heads);
    graph.integers(INDEX, index(network.grid(), network.classToken()));
    graph.integers(SHAPE, shape(network));
    graph.node("Gather", TABLE + ".pairs", List.of(TABLE, INDEX), attribute("axis", 0L));
    graph.node(
        "Transpose",
        TABLE + ".heads",
        List.of(TABLE + ".pairs"),
        attribute("perm", new long[] {1, 0}));
    graph.node("Reshape", BIAS, List.of(TABLE + ".heads", SHAPE));
  }

  /** Rows of the table for a grid. */
  public static int rows(int grid, boolean classToken) {
    int distances = 2 * grid - 1;
    return distances * distances + (classToken ? CLASS_TOKEN_ROWS : 0);
  }

  /** Returns {@link #SHAPE} of a network. */
  public static long[] shape(VitArchitecture network) {
    int tokens = network.grid() * network.grid() + (network.classToken() ? 1 : 0);
    return new long[] {1, network.heads(), tokens, tokens};
  }

  /**
   * The row of each pair of tokens, query by query: patches in raster order after the class token.
   * A pair's row is that of (rows down, columns right) from key to query.
   */
  public static long[] index(int grid, boolean classToken) {
    int first = classToken ? 1 : 0;
    int tokens = grid * grid + first;
    int distances = 2 * grid - 1;
    long[] index = new long[tokens * tokens];
    for (int query = 0; query < tokens; query++) {
      for (int key = 0; key < tokens; key++) {
        int q = query - first;
        int k = key - first;
        int down = q / grid - k / grid + grid - 1;
        int right = q % grid - k % grid + grid - 1;
        boolean special = q < 0 || k < 0;
        index[query * tokens + key] =
            special ? classTokenRow(distances, q, k) : down * distances + right;
      }
    }
    return index;
  }

  private static int classTokenRow(int distances, int query, int key) {
    int from = distances * distances;
    if (query < 0) {
      return key < 0 ? from + 2 : from;
    }
    return from + 1;
  }
}
