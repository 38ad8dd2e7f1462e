package downstream.leaderboard.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ImageWeightsTest {
  private static final String DATA = "0123456789abcdef".repeat(4);
  private static final List<String> NAMES = List.of("a_1", "b_1", "a_2", "b_2", "c_1");

  /** Worked out apart from this program; other draws would not pair with stored replicates. */
  @Test
  void draws_are_those_of_the_data_and_the_replicate() {
    ImageWeights seven = ImageWeights.ofImages(7, DATA);
    assertThat(seven.seed()).isEqualTo(0x0123456789abcdefL);
    assertThat(seven.sample(0)).containsExactly(0, 1, 1, 2, 0, 2, 1);
    assertThat(seven.sample(1)).containsExactly(0, 0, 1, 2, 2, 2, 0);
    ImageWeights blocks = ImageWeights.ofBlocks(NAMES, Pattern.compile("^(.)_"), DATA);
    assertThat(blocks.sample(5)).containsExactly(0, 2, 0, 2, 1);
  }

  @Test
  void blocks_are_numbered_by_what_the_pattern_captures() {
    assertThat(ImageWeights.ofBlocks(NAMES, Pattern.compile("^(.)_"), DATA).blocks())
        .containsExactly(0, 1, 0, 1, 2);
    assertThat(ImageWeights.ofBlocks(NAMES, Pattern.compile("^(.)_.$"), DATA).blocks())
        .as("of a match that is longer than its group")
        .containsExactly(0, 1, 0, 1, 2);
  }

  @Test
  void pattern_without_a_group_captures_all_that_it_matches() {
    assertThat(ImageWeights.ofBlocks(NAMES, Pattern.compile("_."), DATA).blocks())
        .containsExactly(0, 0, 1, 1, 0);
  }

  @Test
  void name_that_the_pattern_does_not_match_is_refused() {
    assertThatThrownBy(() -> ImageWeights.ofBlocks(NAMES, Pattern.compile("^[ab]"), DATA))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("does not match image 'c_1'");
  }
}
