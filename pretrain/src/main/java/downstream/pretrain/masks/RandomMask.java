package downstream.pretrain.masks;

import downstream.pretrain.views.ViewBox;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

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

  /**
   * Draws a mask that hides what lies in boxes first: removed are tokens within the boxes, as many
   * as the ratio asks for, then others. The number of visible tokens is that of {@link #draw}.
   *
   * @param size side of the view, pixels, a multiple of {@code patch}
   * @param patch side of a token, pixels
   * @param ratio share removed, in [0, 1)
   * @param boxes in pixels of the view; a token lies within one if its centre does, and every box
   *     has at least one token
   */
  public static RandomMask guided(
      int size, int patch, double ratio, List<ViewBox> boxes, RandomGenerator random) {
    boolean[] within = MaskUnitGrid.within(size, patch, boxes);
    int[] shuffled = draw(within.length, ratio, random).shuffle;
    IntStream outside = Arrays.stream(shuffled).filter(token -> !within[token]);
    IntStream inside = Arrays.stream(shuffled).filter(token -> within[token]);
    int[] insideLast = IntStream.concat(outside, inside).toArray(); // the last ones are removed
    return new RandomMask(insideLast, visible(within.length, ratio));
  }

  /** Number of {@code tokens} that stay visible, rounded down as in the reference code. */
  public static int visible(int tokens, double ratio) {
    return (int) (tokens * (1 - ratio));
  }

  /** Token indices the encoder sees, in the order it sees them: {@code ids_keep}. */
  public int[] idsKeep() {
    return Arrays.copyOf(shuffle, visible);
  }

  /**
   * The position of each token in (visible, then removed) order: {@code ids_restore}, which puts
   * the decoder's input back in raster order.
   */
  public int[] idsRestore() {
    int[] restore = new int[shuffle.length];
    for (int place = 0; place < shuffle.length; place++) {
      restore[shuffle[place]] = place;
    }
    return restore;
  }

  /** 1 where a token is removed, 0 where it is visible, in raster order: {@code mask}. */
  public int[] mask() {
    int[] mask = new int[shuffle.length];
    for (int place = visible; place < shuffle.length; place++) {
      mask[shuffle[place]] = 1;
    }
    return mask;
  }
}
