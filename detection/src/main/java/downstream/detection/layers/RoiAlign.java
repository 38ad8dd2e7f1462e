package downstream.detection.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import downstream.detection.boxes.Boxes;
import downstream.detection.boxes.PyramidShape;
import downstream.detection.boxes.RoiBatch;
import java.util.Arrays;

/**
 * RoIAlign (He et al. 2017, section 3) in the aligned form of Detectron2: each bin of a region is
 * the mean of bilinear samples of the map, cell middles at half coordinates.
 *
 * <p>The operation is linear in the map: a matrix of bins by cells, of which a bin's row has the
 * few cells that its samples touch. Its entries are products of a vertical and a horizontal weight,
 * since samples form a grid. So one product of a sparse matrix with all cells of all levels and
 * images pools every region of the batch, and autograd's transposed product is its gradient.
 *
 * @param pyramid the levels that are pooled from
 * @param side bins across and down
 * @param samples per bin and axis; 0 takes as many as the bin spans cells, rounded up
 * @param canonical side of the region that is pooled from the level of stride 16 (Lin et al. 2017,
 *     equation 1: 224); twice that from the next coarser one
 */
public record RoiAlign(PyramidShape pyramid, int side, int samples, double canonical) {
  private static final int CANONICAL_STRIDE = 16;

  /**
   * The cells of all maps, channels last, as {@link #pool} reads them: level by level, in each
   * image by image, row by row.
   *
   * @param maps [N, C, H, W], one a level
   * @return [cells, C]
   */
  public static NDArray cells(NDList maps) {
    NDList flat = new NDList();
    for (NDArray map : maps) {
      flat.add(map.transpose(0, 2, 3, 1).reshape(-1, map.getShape().get(1)));
    }
    return flat.size() == 1 ? flat.get(0) : NDArrays.concat(flat, 0);
  }

  /**
   * Pools regions.
   *
   * @param cells of the pyramid's maps, see {@link #cells}
   * @param images in the batch
   * @return [regions · side · side, C], a region's bins row by row; of no region, no rows
   */
  public NDArray pool(NDArray cells, int images, RoiBatch regions) {
    Entries entries = new Entries(Math.max(1, regions.size() * side * side * 8));
    for (int region = 0; region < regions.size(); region++) {
      add(regions, region, images, entries);
    }
    long rows = (long) regions.size() * side * side;
    return entries.matrix(cells, rows).matMul(cells);
  }

  private void add(RoiBatch regions, int region, int images, Entries entries) {
    int which = level(Boxes.area(regions.boxes, region));
    PyramidShape.Level level = pyramid.levels().get(which);
    int first = level.first() * images + regions.image[region] * level.cells();
    int x = 4 * region;
    float[] boxes = regions.boxes;
    Taps across = Taps.of(boxes[x], boxes[x + 2], level, side, samples);
    Taps down = Taps.of(boxes[x + 1], boxes[x + 3], level, side, samples);
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        long bin = ((long) region * side + row) * side + column;
        for (int v = down.from(row); v < down.end(row); v++) {
          for (int h = across.from(column); h < across.end(column); h++) {
            int cell = first + down.cell[v] * level.side() + across.cell[h];
            entries.add(bin, cell, down.weight[v] * across.weight[h]);
          }
        }
      }
    }
  }

  /** The level of a region by its area (Lin et al. 2017, equation 1). */
  int level(float area) {
    double octaves = Math.floor(Math.log(Math.sqrt(area) / canonical) / Math.log(2) + 1e-6);
    double stride = CANONICAL_STRIDE * Math.pow(2, octaves);
    int level = 0;
    while (level + 1 < pyramid.levels().size() && pyramid.levels().get(level).stride() < stride) {
      level++;
    }
    return level;
  }

  /** Interpolation table of one axis: cells and weights, bin after bin. */
  private static final class Taps {
    private int[] cell = new int[64];
    private float[] weight = new float[64];
    private final int[] end;
    private int size;

    private Taps(int bins) {
      end = new int[bins];
    }

    /**
     * @param low edge of the region, input pixels
     * @param high the other edge
     */
    static Taps of(float low, float high, PyramidShape.Level level, int bins, int samples) {
      Taps taps = new Taps(bins);
      float scale = 1f / level.stride();
      float start = low * scale - 0.5f;
      float length = (high * scale - 0.5f - start) / bins;
      int grid = samples > 0 ? samples : Math.max(1, (int) Math.ceil(length));
      for (int bin = 0; bin < bins; bin++) {
        int first = taps.size;
        for (int i = 0; i < grid; i++) {
          taps.sample(start + bin * length + (i + 0.5f) * length / grid, level.side(), grid, first);
        }
        taps.end[bin] = taps.size;
      }
      return taps;
    }

    int from(int bin) {
      return bin == 0 ? 0 : end[bin - 1];
    }

    int end(int bin) {
      return end[bin];
    }

    /** A bilinear sample: nothing more than a cell outside of the map, its edge within. */
    private void sample(float at, int cells, int grid, int first) {
      if (at < -1 || at > cells) {
        return;
      }
      float inside = Math.max(0, at);
      int low = (int) inside;
      if (low >= cells - 1) {
        add(cells - 1, 1f / grid, first);
      } else {
        float share = inside - low;
        add(low, (1 - share) / grid, first);
        add(low + 1, share / grid, first);
      }
    }

    /**
     * Adds to the bin's entry of this cell: its samples rise, so it is the last or the one before.
     */
    private void add(int index, float value, int first) {
      for (int i = size - 1; i >= first && i >= size - 2; i--) {
        if (cell[i] == index) {
          weight[i] += value;
          return;
        }
      }
      if (size == cell.length) {
        cell = Arrays.copyOf(cell, 2 * size);
        weight = Arrays.copyOf(weight, 2 * size);
      }
      cell[size] = index;
      weight[size++] = value;
    }
  }

  /** A sparse matrix while it grows. */
  private static final class Entries {
    private long[] row;
    private long[] column;
    private float[] value;
    private int size;

    Entries(int capacity) {
      row = new long[capacity];
      column = new long[capacity];
      value = new float[capacity];
    }

    void add(long bin, long cell, float weight) {
      if (size == row.length) {
        row = Arrays.copyOf(row, 2 * size);
        column = Arrays.copyOf(column, 2 * size);
        value = Arrays.copyOf(value, 2 * size);
      }
      row[size] = bin;
      column[size] = cell;
      value[size++] = weight;
    }

    /** [rows, cells], in memory that lives as long as the cells' manager. */
    NDArray matrix(NDArray cells, long rows) {
      NDManager manager = cells.getManager();
      long[] indices = new long[2 * size];
      System.arraycopy(row, 0, indices, 0, size);
      System.arraycopy(column, 0, indices, size, size);
      NDArray places = manager.create(indices, new Shape(2, size));
      NDArray values = manager.create(Arrays.copyOf(value, size), new Shape(size));
      return JniUtils.createSparseCoo(
          (PtNDArray) places.toType(DataType.INT64, false),
          (PtNDArray) values,
          new Shape(rows, cells.getShape().get(0)));
    }
  }
}
