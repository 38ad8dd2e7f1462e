package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.data.image.Image;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every view that shows an image in other colours. */
class ContrastiveViewsTest {
  private static final int SIZE = 24;
  private static final Region ROI = new Region(6, 4, 30, 20);
  private final Image photo = Drawn.photo(48, 40);

  static Stream<View> views() {
    return Stream.of(
        ByolView.first(SIZE, .08),
        ByolView.second(SIZE, .08),
        OrlView.first(SIZE, .08),
        OrlView.second(SIZE, .08),
        DistortedCrop.dino(SIZE, .4, 1, 1, 0),
        DistortedCrop.dino(SIZE, .4, 1, .1, .2),
        DistortedCrop.swav(SIZE, .05, .14),
        new MocoView(SIZE, .2),
        new SimClrView(SIZE, .08, 1, true),
        new SimSiamView(SIZE, .2));
  }

  static Stream<RegionView> roiViews() {
    return Stream.of(OrlView.firstPatch(SIZE), OrlView.secondPatch(SIZE), new IocaRegionView(SIZE));
  }

  @ParameterizedTest
  @MethodSource("views")
  void same_generator_state_draws_the_same_view(View view) {
    assertThat(view.draw(photo, new SplittableRandom(1)))
        .hasSize(3 * view.size() * view.size())
        .isEqualTo(view.draw(photo, new SplittableRandom(1)))
        .isNotEqualTo(view.draw(photo, new SplittableRandom(2)));
  }

  @ParameterizedTest
  @MethodSource("roiViews")
  void same_generator_state_draws_the_same_view_of_a_region(RegionView view) {
    assertThat(view.draw(photo, ROI, new SplittableRandom(1)))
        .hasSize(3 * view.size() * view.size())
        .isEqualTo(view.draw(photo, ROI, new SplittableRandom(1)))
        .isNotEqualTo(view.draw(photo, ROI, new SplittableRandom(2)));
  }

  @ParameterizedTest
  @MethodSource("views")
  void values_stay_those_of_pixels(View view) {
    for (int seed = 0; seed < 100; seed++) {
      staysInRange(view.draw(photo, new SplittableRandom(seed)));
    }
  }

  @ParameterizedTest
  @MethodSource("roiViews")
  void values_of_a_region_stay_those_of_pixels(RegionView view) {
    for (int seed = 0; seed < 100; seed++) {
      staysInRange(view.draw(photo, ROI, new SplittableRandom(seed)));
    }
  }

  private static void staysInRange(float[] planes) {
    double least = 1;
    double most = 0;
    for (int i = 0; i < planes.length; i++) {
      int channel = i / (SIZE * SIZE);
      double pixel =
          planes[i] * ImageNetStatistics.STD.get(channel) + ImageNetStatistics.MEAN.get(channel);
      least = Math.min(least, pixel);
      most = Math.max(most, pixel);
    }
    assertThat(least).isGreaterThan(-1e-5);
    assertThat(most).isBetween(least, 1 + 1e-5);
  }

  @ParameterizedTest
  @MethodSource("roiViews")
  void half_of_the_views_of_a_region_are_mirrored(RegionView view) {
    Image halves = halves();
    SplittableRandom random = new SplittableRandom(4);
    int flipped = 0;
    for (int draw = 0; draw < 1000; draw++) {
      float[] planes = view.draw(halves, Region.whole(40, 40), random);
      flipped += planes[0] > planes[SIZE - 1] ? 1 : 0;
    }
    // binomial(1000, 1/2): standard deviation 16; five of them either side
    assertThat(flipped).isBetween(420, 580);
  }

  /** Black on the left, dark grey on the right: dark enough never to be solarised. */
  private static Image halves() {
    byte[] rgb = new byte[40 * 40 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 % 40 < 20 ? 0 : 80);
    }
    return Image.of(40, 40, rgb);
  }

  @Test
  void a_patch_shows_all_of_its_region_and_nothing_else() {
    byte[] rgb = new byte[48 * 40 * 3];
    for (int i = 0; i < 48 * 40; i++) {
      boolean inside = ROI.iou(new Region(i % 48, i / 48, 1, 1)) > 0;
      rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = (byte) (inside ? 40 : 255);
    }
    Image framed = Image.of(48, 40, rgb);
    SplittableRandom random = new SplittableRandom(4);
    for (int draw = 0; draw < 100; draw++) {
      float[] planes = OrlView.firstPatch(SIZE).draw(framed, ROI, random);
      double pixel = planes[0] * ImageNetStatistics.STD.get(0) + ImageNetStatistics.MEAN.get(0);
      assertThat(pixel).isLessThan(.25); // 40 / 255 brightened by up to 1.4 · 1.1
      for (int i = 1; i < SIZE * SIZE; i++) {
        assertThat(Math.abs(planes[i] - planes[0])).isLessThan(1e-4f);
      }
    }
  }

  @Test
  void orl_and_byol_blur_and_solarise_their_views_as_published() {
    assertThat(OrlView.first(SIZE, .08)).isEqualTo(new OrlView(SIZE, .08, 1, 0));
    assertThat(OrlView.second(SIZE, .08)).isEqualTo(new OrlView(SIZE, .08, .1, .2));
    assertThat(ByolView.first(SIZE, .08)).isEqualTo(new ByolView(SIZE, .08, 1, 0));
    assertThat(ByolView.second(SIZE, .08)).isEqualTo(new ByolView(SIZE, .08, .1, .2));
  }
}
