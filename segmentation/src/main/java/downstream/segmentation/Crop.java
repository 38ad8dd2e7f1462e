package downstream.segmentation;

import downstream.eval.data.image.LabelMap;
import java.util.random.RandomGenerator;

/**
 * A square cut out of a training image, by its upper left corner in the image; negative where the
 * image is the smaller one.
 */
record Crop(int x, int y, int size) {
  private static final int TRIES = 10;

  /**
   * A random square. As in mmseg ({@code cat_max_ratio}) one that holds a single class, or more
   * than {@code share} of one, is drawn again, ten times at most.
   *
   * @param share 1 takes the first
   */
  static Crop draw(LabelMap labels, int size, double share, RandomGenerator random) {
    Crop crop = at(labels, size, random);
    for (int tries = 0; share < 1 && tries < TRIES && !crop.isMixed(labels, share); tries++) {
      crop = at(labels, size, random);
    }
    return crop;
  }

  private static Crop at(LabelMap labels, int size, RandomGenerator random) {
    int x = between(size - labels.width(), random);
    return new Crop(x, between(size - labels.height(), random), size);
  }

  /**
   * The left edge of the square in the image: anywhere inside if the image is larger ({@code room}
   * < 0), anywhere around it (negative) if it is smaller.
   */
  private static int between(int room, RandomGenerator random) {
    return Integer.signum(-room) * random.nextInt(Math.abs(room) + 1);
  }

  private boolean isMixed(LabelMap labels, double share) {
    int[] pixels = new int[LabelMap.IGNORE + 1];
    for (byte value : of(labels).values()) {
      pixels[value & 0xff]++;
    }
    int all = 0;
    int most = 0;
    for (int value = 0; value < LabelMap.IGNORE; value++) {
      all += pixels[value];
      most = Math.max(most, pixels[value]);
    }
    return most < all && most < share * all;
  }

  /** Cuts the square out of a label map; 255 outside of the image. */
  LabelMap of(LabelMap labels) {
    return labels.crop(x, y, size, size);
  }
}
