package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * An image as a sequence of square patches. A patch holds its values in (p, q, c) order: row,
 * column, channel (MAE, {@code models_mae.py} {@code patchify}).
 */
public final class Patches {
  /** Epsilon that is added to a patch's variance before the root, as in MAE. */
  static final double EPSILON = 1e-6;

  private Patches() {}

  /**
   * Cuts images up.
   *
   * @param images [N, C, S, S]
   * @return [N, (S/patch)², patch·patch·C], patches in raster order
   */
  public static NDArray patchify(NDArray images, int patch) {
    Shape shape = images.getShape();
    long channels = shape.get(1);
    long grid = shape.get(2) / patch;
    return images
        .reshape(shape.get(0), channels, grid, patch, grid, patch)
        .transpose(0, 2, 4, 3, 5, 1)
        .reshape(shape.get(0), grid * grid, channels * patch * patch);
  }

  /**
   * Puts patches together: the inverse of {@link #patchify(NDArray, int)}.
   *
   * @param patches [N, L, patch·patch·3], L a square
   * @return [N, 3, S, S]
   */
  static NDArray unpatchify(NDArray patches, int patch) {
    Shape shape = patches.getShape();
    long grid = Math.round(Math.sqrt(shape.get(1)));
    return patches
        .reshape(shape.get(0), grid, grid, patch, patch, 3)
        .transpose(0, 5, 1, 3, 2, 4)
        .reshape(shape.get(0), 3, grid * patch, grid * patch);
  }

  /**
   * The {@code norm_pix} target of MAE: each patch by itself (x - mean) / √(var + 1e-6), with the
   * unbiased variance.
   *
   * @param patches [N, L, P], constants
   */
  public static NDArray standardised(NDArray patches) {
    long length = patches.getShape().get(2);
    NDArray centred = patches.sub(patches.mean(new int[] {2}, true));
    NDArray variance = centred.square().sum(new int[] {2}, true).div(length - 1); // [N, L, 1]
    return centred.div(variance.add((float) EPSILON).sqrt());
  }

  /**
   * Cuts an image up, in host memory.
   *
   * @param planes [3, size, size]
   * @return [(size/patch)², patch·patch·3], patches in raster order
   */
  public static float[] patchify(float[] planes, int size, int patch) {
    float[] patches = new float[planes.length];
    for (int from = 0; from < planes.length; from++) {
      patches[index(from, size, patch)] = planes[from];
    }
    return patches;
  }

  /** The inverse of {@link #patchify}: [(size/patch)², patch·patch·3] to [3, size, size]. */
  public static float[] unpatchify(float[] patches, int size, int patch) {
    float[] planes = new float[patches.length];
    for (int to = 0; to < planes.length; to++) {
      planes[to] = patches[index(to, size, patch)];
    }
    return planes;
  }

  private static int index(int index, int size, int patch) {
    int channel = index / (size * size);
    int y = index / size % size;
    int x = index % size;
    int token = y / patch * (size / patch) + x / patch;
    return ((token * patch + y % patch) * patch + x % patch) * 3 + channel;
  }

  /**
   * The {@code norm_pix} target: each patch by itself (x - mean) / √(var + 1e-6), with the unbiased
   * variance (divided by N - 1).
   *
   * @param length values a patch
   */
  static float[] standardised(float[] patches, int length) {
    float[] target = new float[patches.length];
    for (int start = 0; start < patches.length; start += length) {
      double mean = mean(patches, start, length);
      double deviation = deviation(patches, start, length);
      for (int i = start; i < start + length; i++) {
        target[i] = (float) ((patches[i] - mean) / deviation);
      }
    }
    return target;
  }

  /** Reverses {@link #standardised} with the mean and deviation of the patches of {@code like}. */
  public static float[] unstandardised(float[] target, float[] like, int length) {
    float[] patches = new float[target.length];
    for (int start = 0; start < target.length; start += length) {
      double mean = mean(like, start, length);
      double deviation = deviation(like, start, length);
      for (int i = start; i < start + length; i++) {
        patches[i] = (float) (target[i] * deviation + mean);
      }
    }
    return patches;
  }

  private static double mean(float[] values, int start, int length) {
    double sum = 0;
    for (int i = start; i < start + length; i++) {
      sum += values[i];
    }
    return sum / length;
  }

  private static double deviation(float[] values, int start, int length) {
    double mean = mean(values, start, length);
    double squares = 0;
    for (int i = start; i < start + length; i++) {
      squares += (values[i] - mean) * (values[i] - mean);
    }
    return Math.sqrt(squares / (length - 1) + EPSILON);
  }
}
