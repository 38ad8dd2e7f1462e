package downstream.eval.encoder.rewrite;

import downstream.eval.encoder.operators.CubicKernel;

/**
 * Bicubic interpolation of a square table of vectors (Keys, 1981, with a = −0.75): cell centres lie
 * at half-integers, and cells beyond the border repeat the one at it.
 */
public final class BicubicTable {
  private static final double A = -0.75;
  private static final int TAPS = 4;

  private BicubicTable() {}

  /**
   * @param table from² × width values, row-major
   * @param from cells per side of the table
   * @param to cells per side of the result
   * @return to² × width values
   */
  public static float[] resize(float[] table, int from, int to, int width) {
    float[] result = new float[to * to * width];
    for (int row = 0; row < to; row++) {
      for (int column = 0; column < to; column++) {
        int start = (row * to + column) * width;
        for (int i = 0; i < TAPS * TAPS; i++) {
          double weight = weight(row, from, to, i / TAPS) * weight(column, from, to, i % TAPS);
          int cell = cell(row, from, to, i / TAPS) * from + cell(column, from, to, i % TAPS);
          for (int channel = 0; channel < width; channel++) {
            result[start + channel] += (float) (weight * table[cell * width + channel]);
          }
        }
      }
    }
    return result;
  }

  /** Returns the position of the centre of a cell of the result in the table, in cells. */
  private static double place(int index, int from, int to) {
    return (index + 0.5) * from / to - 0.5;
  }

  private static int cell(int index, int from, int to, int tap) {
    int cell = (int) Math.floor(place(index, from, to)) - 1 + tap;
    return Math.min(Math.max(cell, 0), from - 1);
  }

  private static double weight(int index, int from, int to, int tap) {
    double place = place(index, from, to);
    return CubicKernel.weight(place - Math.floor(place) + 1 - tap, A);
  }
}
