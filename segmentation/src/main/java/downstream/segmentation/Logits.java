package downstream.segmentation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import downstream.eval.data.image.LabelMap;
import downstream.eval.parallel.BatchShare;
import downstream.eval.train.optimiser.Scalars;

/** Loss and decision on class logits [N, C, h, w]. */
final class Logits {
  private Logits() {}

  /**
   * Cross-entropy averaged over the pixels that are not {@link LabelMap#IGNORE}; 0 (with zero
   * gradients) if there are none.
   *
   * @param logits float32 [N, C, h, w]
   * @param labels N·h·w values in raster order, unsigned, 0 to C-1 or 255
   * @return scalar
   */
  static NDArray crossEntropy(NDArray logits, byte[] labels) {
    Shape shape = logits.getShape();
    long[] index = new long[labels.length];
    float[] weight = new float[labels.length];
    int valid = 0;
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xff;
      if (label != LabelMap.IGNORE) {
        index[i] = label;
        weight[i] = 1;
        valid++;
      }
    }
    Shape pixels = new Shape(shape.get(0), 1, shape.get(2), shape.get(3));
    NDManager manager = logits.getManager();
    NDArray chosen = logits.logSoftmax(1).gather(manager.create(index, pixels), 1);
    NDArray sum = chosen.mul(manager.create(weight, pixels)).sum();
    return Scalars.over(sum, -BatchShare.current().divisor(valid, 1));
  }

  /** The likeliest class of every pixel: [1, C, h, w] → h·w values in raster order. */
  static byte[] decide(NDArray logits) {
    int[] best = logits.argMax(1).toType(DataType.INT32, false).toIntArray();
    byte[] classes = new byte[best.length];
    for (int i = 0; i < best.length; i++) {
      classes[i] = (byte) best[i];
    }
    return classes;
  }
}
