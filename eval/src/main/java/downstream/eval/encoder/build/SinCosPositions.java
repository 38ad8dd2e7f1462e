package downstream.eval.encoder.build;

/**
 * The fixed 2-D sine-cosine position table of MAE (He et al., 2022): the first half of the channels
 * encodes the column, the second half the row, each half sines then cosines with wavelengths 2π ·
 * 10000^(i/(D/4)).
 */
public final class SinCosPositions {
  private SinCosPositions() {}

  /**
   * @param grid cells per side
   * @param width D, a multiple of 4
   * @return grid² × D values, row-major; row r · grid + c belongs to the cell in row r, column c
   */
  public static float[] table(int grid, int width) {
    if (width % 4 != 0) {
      throw new IllegalArgumentException("width must be a multiple of 4, not " + width);
    }
    float[] table = new float[grid * grid * width];
    for (int row = 0; row < grid; row++) {
      for (int column = 0; column < grid; column++) {
        int start = (row * grid + column) * width;
        encode(table, start, column, width / 2);
        encode(table, start + width / 2, row, width / 2);
      }
    }
    return table;
  }

  private static void encode(float[] table, int start, int position, int channels) {
    int frequencies = channels / 2;
    for (int i = 0; i < frequencies; i++) {
      double angle = position * Math.pow(10000, -(double) i / frequencies);
      table[start + i] = (float) Math.sin(angle);
      table[start + frequencies + i] = (float) Math.cos(angle);
    }
  }
}
