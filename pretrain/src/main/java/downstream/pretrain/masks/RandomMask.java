package downstream.pretrain.masks;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * MAE's random masking of one image (He et al. 2022, section 3): a uniform permutation of the
 * tokens, of which the first {@code int(L · (1 - ratio))} stay visible and the rest is removed.
 */
public final class RandomMask {
  private final int[] shuffle;
  private final int visible;

  private RandomMask(int[] shuffle, int visible) {
    this.shuffle = shuffle;
    this.visible = visible;
  }

  /**
   * Draws a mask; each subset of that size is equally likely.
   *
   * @param tokens L, the number of tokens of the image
   * @param ratio share removed, in [0, 1)
   */
  public static RandomMask draw(int tokens, double ratio, RandomGenerator random) {
    int[] shuffle = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      int j = random.nextInt(i + 1); // Fisher and Yates, inside out
      shuffle[i] = shuffle[j];
      shuffle[j] = i;
    }
    return new RandomMask(shuffle, visible(tokens, ratio));
  }

  /** How many of {@code tokens} stay visible, rounded down as the reference code does. */
  public static int visible(int tokens, double ratio) {
    return (int) (tokens * (1 - ratio));
  }

  /** Token indices the encoder sees, in the order it sees them: {@code ids_keep}. */
  public int[] kept() {
    return Arrays.copyOf(shuffle, visible);
  }

  /**
   * For each token of the image its place in (visible, then removed) order: {@code ids_restore},
   * which puts the decoder's input back in raster order.
   */
  public int[] restore() {
    int[] restore = new int[shuffle.length];
    for (int place = 0; place < shuffle.length; place++) {
      restore[shuffle[place]] = place;
    }
    return restore;
  }

  /** 1 where a token was removed, 0 where it is visible, in raster order. */
  public int[] removed() {
    int[] removed = new int[shuffle.length];
    for (int place = visible; place < shuffle.length; place++) {
      removed[shuffle[place]] = 1;
    }
    return removed;
  }
}
