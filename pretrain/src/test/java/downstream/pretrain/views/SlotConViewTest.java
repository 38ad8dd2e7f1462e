package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.data.image.Image;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlotConViewTest {
  private static final int SIZE = 16;
  private final Image photo = Drawn.photo(48, 40);
  private final SlotConView view = new SlotConView(SIZE, .08);

  @Test
  void views_of_an_image_share_a_part_of_it() {
    SplittableRandom random = new SplittableRandom(3);
    int little = 0;
    int flipped = 0;
    for (int draw = 0; draw < 300; draw++) {
      List<CroppedView> views = view.draw(photo, random);
      Region second = views.get(1).crop();
      Region shared = views.get(0).crop().intersection(second).orElseThrow();
      little += shared.area() < .01 * second.area() ? 1 : 0;
      flipped += views.get(1).flipped() ? 1 : 0;
    }
    assertThat(little).isLessThan(3); // only after ten misses
    assertThat(flipped).isBetween(110, 190);
  }

  @Test
  void same_generator_state_draws_the_same_views() {
    List<CroppedView> one = view.draw(photo, new SplittableRandom(1));
    List<CroppedView> two = view.draw(photo, new SplittableRandom(1));
    for (int i = 0; i < 2; i++) {
      assertThat(one.get(i).planes()).hasSize(3 * SIZE * SIZE).isEqualTo(two.get(i).planes());
      assertThat(one.get(i).crop()).isEqualTo(two.get(i).crop());
    }
    assertThat(one.get(0).planes()).isNotEqualTo(one.get(1).planes());
  }
}
