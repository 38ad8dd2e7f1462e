package downstream.pretrain.method.contrast;

import downstream.pretrain.views.CroppedView;
import downstream.pretrain.views.Region;
import downstream.pretrain.views.ViewBox;

/**
 * RoIAlign (He et al., "Mask R-CNN", 2017) of a view's cells onto a part of the image, as many
 * cells again, not mirrored. A part of a view is never larger than the view, so each new cell is
 * read at one point, its centre, bilinearly; it is linear in the cells, hence a matrix.
 */
final class OverlapAlignment {
  private OverlapAlignment() {}

  /**
   * The matrix by which the cells of a view are multiplied.
   *
   * @param part of the image, of which the view shows something
   * @param grid cells along each side
   * @return [grid², grid²], row by row, each summing to 1
   */
  static float[] matrix(CroppedView view, Region part, int grid) {
    ViewBox box = view.map(part).orElseThrow();
    double perPixel = (double) grid / view.size();
    float[][] across = weights(box.left() * perPixel, box.right() * perPixel, grid);
    float[][] down = weights(box.top() * perPixel, box.bottom() * perPixel, grid);
    int cells = grid * grid;
    float[] matrix = new float[cells * cells];
    for (int cell = 0; cell < cells; cell++) {
      int x = cell % grid;
      float[] column = across[view.flipped() ? grid - 1 - x : x];
      float[] row = down[cell / grid];
      for (int from = 0; from < cells; from++) {
        matrix[cell * cells + from] = row[from / grid] * column[from % grid];
      }
    }
    return matrix;
  }

  /** Returns the weights of old columns (or rows) in each new one; values stand at centres. */
  private static float[][] weights(double start, double end, int grid) {
    float[][] weights = new float[grid][grid];
    for (int i = 0; i < grid; i++) {
      double at = start + (i + .5) * (end - start) / grid - .5;
      double inside = Math.max(0, Math.min(grid - 1, at));
      int low = (int) inside;
      float share = (float) (inside - low);
      weights[i][low] += 1 - share;
      if (share > 0) {
        weights[i][low + 1] += share;
      }
    }
    return weights;
  }
}
