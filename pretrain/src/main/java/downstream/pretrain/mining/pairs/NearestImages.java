package downstream.pretrain.mining.pairs;

import downstream.eval.Workers;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Search for the K nearest of N unit vectors, those with the largest inner products, exactly:
 * blocks of the N × N similarity matrix are computed, the best so far of each row kept, and the
 * block overwritten. Memory is the vectors and one block a thread.
 */
public final class NearestImages {
  private static final int ROWS = 512;
  private static final int COLUMNS = 4096;

  /** Candidates beyond K: what float32 may put in the wrong order. */
  private static final int SPARE = 8;

  private final float[][] vectors;
  private final int width;
  private final int wanted;

  private NearestImages(float[][] vectors, int wanted) {
    this.vectors = vectors;
    this.width = vectors[0].length;
    this.wanted = Math.min(wanted, vectors.length - 1);
  }

  /**
   * Searches the nearest vectors of each.
   *
   * @param vectors at least two, of one length, each of norm 1 (or 0)
   * @return for each vector the nearest first, never itself; equal ones by position
   */
  public static List<List<Neighbour>> find(float[][] vectors, int neighbours, int threads) {
    return new NearestImages(vectors, neighbours).find(threads);
  }

  private List<List<Neighbour>> find(int threads) {
    int count = vectors.length;
    List<List<Neighbour>> found = new ArrayList<>(java.util.Collections.nCopies(count, List.of()));
    try (FloatPointer all = new FloatPointer((long) count * width)) {
      for (int i = 0; i < count; i++) {
        row(all, i).put(vectors[i], 0, width);
      }
      int blocks = (count + ROWS - 1) / ROWS;
      Workers.run("neighbours", threads, blocks, ROWS, n -> search(n * ROWS, all, found));
    }
    return found;
  }

  /** A view: closing it would free the whole matrix. */
  private FloatPointer row(FloatPointer all, int index) {
    return all.getPointer((long) index * width);
  }

  private void search(int start, FloatPointer all, List<List<Neighbour>> found) {
    int rows = Math.min(ROWS, vectors.length - start);
    List<Best> best = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      best.add(new Best(wanted + SPARE));
    }
    float[] line = new float[COLUMNS];
    try (FloatPointer block = new FloatPointer((long) ROWS * COLUMNS)) {
      FloatBuffer products = block.asBuffer();
      for (int column = 0; column < vectors.length; column += COLUMNS) {
        int columns = Math.min(COLUMNS, vectors.length - column);
        Gemm.innerProducts(row(all, start), rows, row(all, column), columns, width, block);
        for (int i = 0; i < rows; i++) {
          products.get(i * columns, line, 0, columns);
          best.get(i).offer(line, columns, column, start + i);
        }
      }
    }
    for (int i = 0; i < rows; i++) {
      found.set(start + i, exact(start + i, best.get(i)));
    }
  }

  /** The candidates in their true order: their products anew in double precision. */
  private List<Neighbour> exact(int query, Best best) {
    record Candidate(int image, double similarity) {}
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < best.size; i++) {
      int image = best.images[i];
      candidates.add(new Candidate(image, product(vectors[query], vectors[image])));
    }
    candidates.sort(
        Comparator.comparingDouble(Candidate::similarity)
            .reversed()
            .thenComparingInt(Candidate::image));
    return candidates.stream()
        .limit(wanted)
        .map(candidate -> new Neighbour(candidate.image(), (float) candidate.similarity()))
        .toList();
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** The largest values seen of one row, largest first; of equal ones the earlier. */
  private static final class Best {
    private final float[] values;
    private final int[] images;
    private int size;

    Best(int room) {
      values = new float[room];
      images = new int[room];
    }

    /** Considers a piece of the row, without the query itself. */
    void offer(float[] line, int length, int first, int query) {
      float least = least();
      for (int i = 0; i < length; i++) {
        if (line[i] > least && first + i != query) {
          insert(line[i], first + i);
          least = least();
        }
      }
    }

    private float least() {
      return size < values.length ? Float.NEGATIVE_INFINITY : values[size - 1];
    }

    private void insert(float value, int image) {
      int at = size < values.length ? size++ : size - 1;
      for (; at > 0 && values[at - 1] < value; at--) {
        values[at] = values[at - 1];
        images[at] = images[at - 1];
      }
      values[at] = value;
      images[at] = image;
    }
  }
}
