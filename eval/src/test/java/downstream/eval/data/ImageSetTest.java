package downstream.eval.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.data.annotation.Category;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ImageSetTest {
  private final ImageSet set =
      new ImageSet(
          "s",
          List.of(),
          List.of(),
          LongStream.range(0, 40).mapToObj(ImageSetTest::image).toList(),
          Set.of(),
          "f",
          List.of());

  @Test
  void sample_draws_its_share_in_order() {
    ImageSet part = set.sample(0.25, 7);
    assertThat(part.images()).hasSize(10).isSubsetOf(set.images());
    assertThat(part.images().stream().map(ImageRecord::id).toList()).isSorted();
    assertThat(part).isEqualTo(set.sample(0.25, 7)).isNotEqualTo(set.sample(0.25, 8));
    assertThat(part.fingerprint())
        .hasSize(64)
        .isNotEqualTo(set.sample(0.25, 8).fingerprint())
        .isNotEqualTo(set.fingerprint());
  }

  @Test
  void a_smaller_sample_lies_within_a_larger_one() {
    assertThat(set.sample(0.5, 3).images()).containsAll(set.sample(0.1, 3).images());
  }

  @Test
  void the_whole_is_the_set_itself_and_the_least_is_one_image() {
    assertThat(set.sample(1, 3)).isSameAs(set);
    assertThat(set.sample(1e-9, 3).images()).hasSize(1);
    assertThatThrownBy(() -> set.sample(0, 3)).hasMessageContaining("not in (0, 1]");
    assertThatThrownBy(() -> set.sample(Double.NaN, 3)).hasMessageContaining("not in (0, 1]");
  }

  @Test
  void label_ids_are_the_values_of_pixels() {
    assertThatThrownBy(
            () ->
                new ImageSet(
                    "s",
                    List.of(),
                    List.of(new Category(1, "a")),
                    List.of(),
                    Set.of(),
                    "",
                    List.of()))
        .hasMessageContaining("is not id 0");
  }

  private static ImageRecord image(long id) {
    return new ImageRecord(
        id, id + ".png", Path.of(id + ".png"), 4, 4, List.of(), Optional.empty());
  }
}
