package downstream.pretrain.masks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockMaskTest {
  private final SplittableRandom random = new SplittableRandom(1);

  @ParameterizedTest
  @CsvSource({"14, .1", "14, .3", "14, .5", "8, .1", "8, .3", "8, .5", "4, .25", "3, 1", "2, .5"})
  void never_masks_more_than_the_ratio_and_seldom_much_less(int grid, double ratio) {
    double all = 0;
    for (int i = 0; i < 200; i++) {
      int masked = count(BlockMask.draw(grid, ratio, random));
      assertThat((double) masked).isLessThanOrEqualTo(ratio * grid * grid);
      all += masked / (ratio * grid * grid);
    }
    assertThat(all / 200).isGreaterThan(grid > 3 ? .6 : 0);
  }

  @Test
  void ratio_of_0_masks_nothing() {
    assertThat(BlockMask.draw(8, 0, random)).hasSize(64).containsOnly(0);
  }

  /** A block has at least (grid / 3)² patches, but for its rounded sides. */
  @Test
  void masked_patches_lie_together() {
    int alone = 0;
    int masked = 0;
    for (int i = 0; i < 100; i++) {
      float[] mask = BlockMask.draw(14, .3, random);
      masked += count(mask);
      alone +=
          (int)
              IntStream.range(0, mask.length)
                  .filter(at -> mask[at] > 0 && !hasMaskedNeighbour(mask, 14, at))
                  .count();
    }
    assertThat(alone).isLessThan(masked / 100);
  }

  private static boolean hasMaskedNeighbour(float[] mask, int grid, int at) {
    int column = at % grid;
    return (column > 0 && mask[at - 1] > 0)
        || (column < grid - 1 && mask[at + 1] > 0)
        || (at >= grid && mask[at - grid] > 0)
        || (at + grid < mask.length && mask[at + grid] > 0);
  }

  @Test
  void equal_seeds_give_equal_masks() {
    assertThat(BlockMask.draw(8, .4, new SplittableRandom(7)))
        .isEqualTo(BlockMask.draw(8, .4, new SplittableRandom(7)));
  }

  private static int count(float[] mask) {
    int count = 0;
    for (float value : mask) {
      count += value > 0 ? 1 : 0;
    }
    return count;
  }
}
