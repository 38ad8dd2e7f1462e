package downstream.eval.encoder.runtime;

import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.build.WeightInit;
import java.util.SplittableRandom;

/**
 * A batch of images to see activations on: normal noise at several scales, so that neighbouring
 * pixels agree as they do in photographs, with mean 0 and variance 1 as normalised images have.
 */
public final class RandomImages {
  private static final int BATCH = 4;
  private static final int SIDE = 128;
  private static final int[] SCALES = {1, 4, 16, 64};

  private RandomImages() {}

  /**
   * Images of the size that the graph fixes, else of the one that the spec names, else of 128
   * pixels; four, or as many as the graph fixes. float32 [N, C, H, W].
   */
  public static OnnxEncoder.Value of(EncoderFile file, long seed) {
    long[] shape = file.graph().inputShape();
    int side = file.hasSpec() ? file.spec().imageSize() : SIDE;
    long[] otherwise = {BATCH, 3, side, side};
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = shape[axis] > 0 ? shape[axis] : otherwise[axis];
    }
    return new OnnxEncoder.Value(shape, noise(shape, new SplittableRandom(seed)));
  }

  private static float[] noise(long[] shape, SplittableRandom random) {
    int height = Math.toIntExact(shape[2]);
    int width = Math.toIntExact(shape[3]);
    int planes = Math.toIntExact(shape[0] * shape[1]);
    float[] values = new float[planes * height * width];
    double deviation = 1 / Math.sqrt(SCALES.length);
    for (int plane = 0; plane < planes; plane++) {
      for (int scale : SCALES) {
        int columns = (width + scale - 1) / scale;
        int rows = (height + scale - 1) / scale;
        float[] cells = WeightInit.normal(random, deviation, rows * columns);
        for (int i = 0; i < height * width; i++) {
          int cell = i / width / scale * columns + i % width / scale;
          values[plane * height * width + i] += cells[cell];
        }
      }
    }
    return values;
  }
}
