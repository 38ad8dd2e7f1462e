package downstream.segmentation.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Bilinear resizing of maps [N, C, h, w]. */
public final class Bilinear {
  /**
   * DJL's number for bilinear on maps. The engine counts the corners' centres at half a cell
   * (PyTorch's {@code align_corners=False}, as mmseg does) and ignores DJL's own alignment flag.
   */
  private static final int BILINEAR = 1;

  private Bilinear() {}

  /** The outermost cells held at the border: [N, C, h, w] → [N, C, height, width]. */
  public static NDArray resize(NDArray map, long height, long width) {
    Shape shape = map.getShape();
    if (shape.get(2) == height && shape.get(3) == width) {
      return map;
    }
    return map.getNDArrayInternal().interpolation(new long[] {height, width}, BILINEAR, false);
  }
}
