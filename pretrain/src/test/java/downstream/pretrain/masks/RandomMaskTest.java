package downstream.pretrain.masks;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.pretrain.views.ViewBox;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomMaskTest {
  private final SplittableRandom random = new SplittableRandom(3);

  @Test
  void keeps_49_of_196_tokens_at_three_quarters() {
    RandomMask mask = RandomMask.draw(196, 0.75, random);
    assertThat(mask.idsKeep()).hasSize(49);
    assertThat(Arrays.stream(mask.mask()).sum()).isEqualTo(147);
  }

  @Test
  void kept_and_removed_tokens_partition_the_image() {
    for (int trial = 0; trial < 50; trial++) {
      int tokens = 1 + random.nextInt(100);
      RandomMask mask = RandomMask.draw(tokens, random.nextDouble(), random);
      int[] removed = mask.mask();
      assertThat(mask.idsKeep())
          .doesNotHaveDuplicates()
          .satisfies(kept -> assertThat(Arrays.stream(kept)).allMatch(k -> removed[k] == 0));
      assertThat(mask.idsKeep().length + Arrays.stream(removed).sum()).isEqualTo(tokens);
    }
  }

  @Test
  void restore_undoes_the_shuffle() {
    RandomMask mask = RandomMask.draw(64, 0.75, random);
    int[] restore = mask.idsRestore();
    int[] kept = mask.idsKeep();
    for (int place = 0; place < kept.length; place++) {
      assertThat(restore[kept[place]]).isEqualTo(place);
    }
    assertThat(restore).containsExactlyInAnyOrder(IntStream.range(0, 64).toArray());
  }

  @Test
  void removes_every_token_equally_often() {
    int[] times = new int[16];
    for (int draw = 0; draw < 4000; draw++) {
      int[] removed = RandomMask.draw(16, 0.75, random).mask();
      for (int token = 0; token < 16; token++) {
        times[token] += removed[token];
      }
    }
    // binomial(4000, 3/4): mean 3000, standard deviation 27.4; five of them either side
    assertThat(Arrays.stream(times)).allMatch(n -> n > 2863 && n < 3137);
  }

  @Test
  void same_generator_state_draws_the_same_mask() {
    assertThat(RandomMask.draw(64, 0.75, new SplittableRandom(9)).idsKeep())
        .isEqualTo(RandomMask.draw(64, 0.75, new SplittableRandom(9)).idsKeep())
        .isNotEqualTo(RandomMask.draw(64, 0.75, new SplittableRandom(10)).idsKeep());
  }

  @Test
  void guided_mask_removes_what_lies_in_boxes_first() {
    List<ViewBox> small = List.of(new ViewBox(8, 8, 32, 24)); // 6 of 64 tokens
    List<ViewBox> large = List.of(new ViewBox(0, 0, 64, 60)); // 56 of 64 tokens
    for (int draw = 0; draw < 50; draw++) {
      int[] removed = RandomMask.guided(64, 8, .75, small, random).mask();
      assertThat(Arrays.stream(removed).sum()).isEqualTo(48);
      for (int token : new int[] {9, 10, 11, 17, 18, 19}) {
        assertThat(removed[token]).isOne();
      }
      int[] kept = RandomMask.guided(64, 8, .75, large, random).idsKeep();
      assertThat(kept).hasSize(16).contains(56, 57, 58, 59, 60, 61, 62, 63);
    }
  }

  @Test
  void guided_mask_draws_evenly_inside_and_outside_of_the_boxes() {
    int[] times = new int[64];
    List<ViewBox> half = List.of(new ViewBox(0, 0, 64, 32));
    for (int draw = 0; draw < 4000; draw++) {
      int[] removed = RandomMask.guided(64, 8, .75, half, random).mask();
      for (int token = 0; token < 64; token++) {
        times[token] += removed[token];
      }
    }
    // all of the upper half; below, binomial(4000, 1/2): five standard deviations of 31.6
    assertThat(Arrays.stream(times).limit(32)).containsOnly(4000);
    assertThat(Arrays.stream(times).skip(32)).allMatch(n -> n > 1842 && n < 2158);
  }

  @Test
  void guided_mask_restores_its_order_too() {
    RandomMask mask = RandomMask.guided(64, 8, .75, List.of(new ViewBox(8, 8, 32, 24)), random);
    int[] restore = mask.idsRestore();
    int[] kept = mask.idsKeep();
    for (int place = 0; place < kept.length; place++) {
      assertThat(restore[kept[place]]).isEqualTo(place);
    }
    assertThat(restore).containsExactlyInAnyOrder(IntStream.range(0, 64).toArray());
  }

  @Test
  void without_boxes_a_guided_mask_is_a_plain_one() {
    assertThat(RandomMask.guided(64, 8, .75, List.of(), new SplittableRandom(9)).idsKeep())
        .isEqualTo(RandomMask.draw(64, .75, new SplittableRandom(9)).idsKeep());
  }
}
