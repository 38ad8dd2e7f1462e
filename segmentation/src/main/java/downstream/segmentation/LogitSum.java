package downstream.segmentation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Logits of overlapping windows over one image, added up in host memory. */
final class LogitSum {
  private final int width;
  private final int height;
  private final int[] windows;
  private float[] sums = new float[0];

  LogitSum(int width, int height) {
    this.width = width;
    this.height = height;
    windows = new int[width * height];
  }

  /**
   * Adds a window.
   *
   * @param logits [1, C, S, S]
   * @param x of its left edge in the image; what lies outside of the image is left out
   */
  void add(NDArray logits, int x, int y) {
    int classes = Math.toIntExact(logits.getShape().get(1));
    int size = Math.toIntExact(logits.getShape().get(2));
    float[] values = logits.toFloatArray();
    if (sums.length == 0) {
      sums = new float[classes * windows.length];
    }
    for (int row = 0; row < Math.min(size, height - y); row++) {
      for (int column = 0; column < Math.min(size, width - x); column++) {
        int pixel = (y + row) * width + x + column;
        windows[pixel]++;
        for (int c = 0; c < classes; c++) {
          sums[c * windows.length + pixel] += values[(c * size + row) * size + column];
        }
      }
    }
  }

  /** The mean over the windows that saw a pixel, [1, C, height, width]. */
  NDArray mean(NDManager manager) {
    float[] mean = new float[sums.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = sums[i] / windows[i % windows.length];
    }
    return manager.create(mean, new Shape(1, mean.length / windows.length, height, width));
  }
}
