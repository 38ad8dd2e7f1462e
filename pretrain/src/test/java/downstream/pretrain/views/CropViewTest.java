package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.data.image.Image;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CropViewTest {
  private static final int SIZE = 32;
  private static final Region SQUARE = new Region(20, 14, 9, 12);
  private final SplittableRandom random = new SplittableRandom(5);
  private final Image photo = Drawn.photo(48, 40);

  @Test
  void shows_what_it_says_it_shows() {
    for (int trial = 0; trial < 20; trial++) {
      CroppedView view = CropView.mae(SIZE, .2).drawCropped(photo, random);
      float[][] crop = Resampler.BICUBIC.draw(photo, view.crop(), view.flipped(), SIZE);
      assertThat(view.planes()).isEqualTo(ImageNetStatistics.normalised(crop));
    }
  }

  @Test
  void half_of_the_views_are_mirrored_and_none_is_smaller_than_allowed() {
    int flipped = 0;
    double least = 1;
    double most = 0;
    for (int trial = 0; trial < 1000; trial++) {
      CroppedView view = CropView.simmim(8, .67).drawCropped(photo, random);
      flipped += view.flipped() ? 1 : 0;
      double share = view.crop().area() / (48 * 40.0);
      least = Math.min(least, share);
      most = Math.max(most, share);
    }
    // binomial(1000, 1/2): standard deviation 16; five of them either side
    assertThat(flipped).isBetween(420, 580);
    assertThat(least).isBetween(.65, .70); // sides are whole pixels
    assertThat(most).isBetween(.97, 1.0);
  }

  @Test
  void same_generator_state_draws_the_same_view() {
    CropView view = CropView.ringmo(SIZE, .67);
    assertThat(view.draw(photo, new SplittableRandom(1)))
        .hasSize(3 * SIZE * SIZE)
        .isEqualTo(view.draw(photo, new SplittableRandom(1)))
        .isNotEqualTo(view.draw(photo, new SplittableRandom(2)));
  }

  @Test
  void mapped_box_holds_what_the_box_held() {
    Image white = whiteSquare();
    int seen = 0;
    for (int trial = 0; trial < 40; trial++) {
      CroppedView view = CropView.simmim(SIZE, .2).drawCropped(white, random);
      Optional<ViewBox> box = view.map(SQUARE);
      for (int i = 0; i < SIZE * SIZE; i++) {
        int x = i % SIZE;
        int y = i / SIZE;
        double depth = box.map(b -> depth(b, x + .5, y + .5)).orElse(-1000.0);
        seen += depth > 2 ? 1 : 0;
        if (Math.abs(depth) > 2) { // two pixels are the blend
          double value =
              view.planes()[i] * ImageNetStatistics.STD.get(0) + ImageNetStatistics.MEAN.get(0);
          assertThat(value).isCloseTo(depth > 0 ? 1 : 0, within(1e-4));
        }
      }
    }
    assertThat(seen).isPositive();
  }

  /** How far inside of a box a point lies. */
  private static double depth(ViewBox box, double x, double y) {
    double across = Math.min(x - box.left(), box.right() - x);
    double down = Math.min(y - box.top(), box.bottom() - y);
    return Math.min(across, down);
  }

  private static Image whiteSquare() {
    byte[] rgb = new byte[48 * 40 * 3];
    for (int i = 0; i < 48 * 40; i++) {
      boolean white = SQUARE.iou(new Region(i % 48, i / 48, 1, 1)) > 0;
      for (int channel = 0; channel < 3; channel++) {
        rgb[3 * i + channel] = (byte) (white ? 255 : 0);
      }
    }
    return Image.of(48, 40, rgb);
  }
}
