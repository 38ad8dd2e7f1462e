package downstream.pretrain.masks;

import downstream.pretrain.views.CropView;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.View;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Random patches of random crops of images, each with its eight neighbours. A patch holds p·p·3
 * values in raster order, channel last, normalised as encoders see them.
 *
 * @param size side of a crop once resized, pixels
 * @param patch p, side of a patch, pixels; at least three fit into a crop
 * @param minCropArea smallest crop as a share of the image
 */
record Neighbourhoods(Photos photos, int size, int patch, double minCropArea, long seed) {
  private static final int SIDE = 3;
  private static final int CENTRE = SIDE * SIDE / 2;

  /** One of five images is held out. */
  private static final int FOLDS = 5;

  /** A patch and its eight neighbours in raster order. */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, never by content
  record Sample(double[] own, double[] neighbours) {}

  /** Values of a patch. */
  int values() {
    return patch * patch * 3;
  }

  /**
   * Draws samples, each from its own generator.
   *
   * @param held whether of the images that are held out, or of the others
   */
  List<Sample> draw(int count, boolean held) {
    int[] images =
        IntStream.range(0, photos.size()).filter(i -> (i % FOLDS == 0) == held).toArray();
    View view = CropView.mae(size, minCropArea);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              RandomGenerator random = new SplittableRandom(mixed(i, held));
              return sample(view.draw(photos.get(images[i % images.length]), random), random);
            })
        .toList();
  }

  private long mixed(int sample, boolean held) {
    long mixed = new SplittableRandom(seed).nextLong() + (held ? 1 : 0);
    return new SplittableRandom(mixed).nextLong() + sample;
  }

  private Sample sample(float[] planes, RandomGenerator random) {
    int grid = size / patch - SIDE + 1;
    int left = random.nextInt(grid) * patch;
    int top = random.nextInt(grid) * patch;
    double[] all = new double[SIDE * SIDE * values()];
    for (int i = 0; i < SIDE * SIDE; i++) {
      copy(planes, left + i % SIDE * patch, top + i / SIDE * patch, all, i * values());
    }
    double[] neighbours = new double[all.length - values()];
    int before = CENTRE * values();
    System.arraycopy(all, 0, neighbours, 0, before);
    System.arraycopy(all, before + values(), neighbours, before, neighbours.length - before);
    return new Sample(Arrays.copyOfRange(all, before, before + values()), neighbours);
  }

  private void copy(float[] planes, int left, int top, double[] values, int from) {
    for (int pixel = 0; pixel < patch * patch; pixel++) {
      int at = (top + pixel / patch) * size + left + pixel % patch;
      for (int channel = 0; channel < 3; channel++) {
        values[from + 3 * pixel + channel] = planes[channel * size * size + at];
      }
    }
  }
}
