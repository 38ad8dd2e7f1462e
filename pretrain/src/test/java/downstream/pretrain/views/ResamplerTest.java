package downstream.pretrain.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.data.image.Image;
import org.junit.jupiter.api.Test;

class ResamplerTest {
  private static final Resampler[] ALL = {
    Resampler.BILINEAR, Resampler.BICUBIC, Resampler.SAMPLED_BICUBIC
  };
  private final Image photo = Drawn.photo(37, 29);

  @Test
  void same_size_is_the_crop_itself() {
    Region part = new Region(5, 3, 8, 8);
    for (Resampler resampler : ALL) {
      float[][] rgb = resampler.draw(photo, part, false, 8);
      for (int i = 0; i < 64; i++) {
        int colour = photo.at(5 + i % 8, 3 + i / 8);
        assertThat(rgb[0][i]).isCloseTo((colour >> 16) / 255f, within(1e-6f));
        assertThat(rgb[1][i]).isCloseTo((colour >> 8 & 255) / 255f, within(1e-6f));
        assertThat(rgb[2][i]).isCloseTo((colour & 255) / 255f, within(1e-6f));
      }
    }
  }

  @Test
  void every_size_equals_the_two_dimensional_sum() {
    Region[] parts = {new Region(0, 0, 37, 29), new Region(30, 2, 3, 20), new Region(36, 28, 1, 1)};
    for (Resampler resampler : ALL) {
      for (Region part : parts) {
        for (int size : new int[] {1, 7, 16}) {
          float[][] rgb = resampler.draw(photo, part, false, size);
          for (int i = 0; i < size * size; i++) {
            double expected = slowly(resampler, part, i % size, i / size, size);
            assertThat((double) rgb[1][i]).isCloseTo(expected, within(2e-6));
          }
        }
      }
    }
  }

  /** Green of one pixel of the result, by the definition of resampling with a kernel. */
  private double slowly(Resampler resampler, Region part, int x, int y, int size) {
    double sum = 0;
    double weights = 0;
    for (int row = 0; row < part.height(); row++) {
      for (int column = 0; column < part.width(); column++) {
        double weight =
            weight(resampler, column, x, part.width(), size)
                * weight(resampler, row, y, part.height(), size);
        weights += weight;
        sum += weight * (photo.at(part.x() + column, part.y() + row) >> 8 & 255) / 255;
      }
    }
    return Math.max(0, Math.min(1, sum / weights));
  }

  private static double weight(Resampler resampler, int pixel, int to, int from, int size) {
    double scale = (double) from / size;
    double distance = Math.abs(pixel + .5 - (to + .5) * scale);
    double d = resampler.antialias() && scale > 1 ? distance / scale : distance;
    if (resampler.kernel() == Kernel.LINEAR) {
      return d < 1 ? 1 - d : 0;
    }
    double a = -.5;
    if (d < 1) {
      return (a + 2) * d * d * d - (a + 3) * d * d + 1;
    }
    return d < 2 ? a * d * d * d - 5 * a * d * d + 8 * a * d - 4 * a : 0;
  }

  @Test
  void flipping_mirrors_each_row() {
    for (int size : new int[] {5, 8}) {
      float[][] plain = Resampler.BICUBIC.draw(photo, Region.whole(37, 29), false, size);
      float[][] flipped = Resampler.BICUBIC.draw(photo, Region.whole(37, 29), true, size);
      for (int i = 0; i < size * size; i++) {
        assertThat(flipped[2][i]).isEqualTo(plain[2][i / size * size + size - 1 - i % size]);
      }
    }
  }

  @Test
  void shrinking_keeps_the_mean_only_with_antialiasing() {
    Image stripes = stripes();
    double whole =
        ColourTransforms.mean(Resampler.BILINEAR.draw(stripes, Region.whole(64, 64), false, 8)[0]);
    double sampled =
        ColourTransforms.mean(
            Resampler.SAMPLED_BICUBIC.draw(stripes, Region.whole(64, 64), false, 8)[0]);
    assertThat(whole).isCloseTo(.125, within(.01));
    assertThat(Math.abs(sampled - .125)).isGreaterThan(.1);
  }

  /** One white column in eight. */
  private static Image stripes() {
    byte[] rgb = new byte[64 * 64 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 % 8 == 0 ? 255 : 0);
    }
    return Image.of(64, 64, rgb);
  }
}
