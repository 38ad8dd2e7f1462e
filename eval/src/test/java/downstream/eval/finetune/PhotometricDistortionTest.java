package downstream.eval.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.data.image.Image;
import java.awt.Color;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PhotometricDistortionTest {
  /** Against java.awt's conversion: hue turned, saturation scaled, brightness kept. */
  @Test
  void changes_hue_and_saturation_as_hsb_says() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 2000; round++) {
      byte[] rgb = {(byte) random.nextInt(), (byte) random.nextInt(), (byte) random.nextInt()};
      float[] hsb = Color.RGBtoHSB(rgb[0] & 0xff, rgb[1] & 0xff, rgb[2] & 0xff, null);
      double saturation = 0.5 + random.nextDouble();
      double turn = 72 * random.nextDouble() - 36;
      Color expected =
          new Color(
              Color.HSBtoRGB(
                  (float) (hsb[0] + turn / 360), (float) Math.min(1, hsb[1] * saturation), hsb[2]));
      PhotometricDistortion.colour(rgb, 0, saturation, turn);
      assertThat(rgb[0] & 0xff).isBetween(expected.getRed() - 1, expected.getRed() + 1);
      assertThat(rgb[1] & 0xff).isBetween(expected.getGreen() - 1, expected.getGreen() + 1);
      assertThat(rgb[2] & 0xff).isBetween(expected.getBlue() - 1, expected.getBlue() + 1);
    }
  }

  @Test
  void leaves_some_images_alone_and_changes_most() {
    Image image = Image.filled(4, 4, 0x806040);
    SplittableRandom random = new SplittableRandom(2);
    int same = 0;
    for (int i = 0; i < 1600; i++) {
      same += PhotometricDistortion.of(image, random).equals(image) ? 1 : 0;
    }
    // None of the four steps in 1 of 16 draws.
    assertThat(same).isBetween(60, 160);
  }

  @Test
  void draws_follow_from_the_seed_and_the_image_itself_is_kept() {
    Image image = Image.filled(4, 4, 0x2060a0);
    Image first = PhotometricDistortion.of(image, new SplittableRandom(3));

    assertThat(PhotometricDistortion.of(image, new SplittableRandom(3))).isEqualTo(first);
    assertThat(image).isEqualTo(Image.filled(4, 4, 0x2060a0));
  }
}
