package downstream.eval.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class PerceptualHashTest {
  @TempDir private Path folder;

  /** Soft blobs of colour, other ones for each seed. */
  public static Image blobs(long seed) {
    Random random = new Random(seed);
    byte[] tiny = new byte[16 * 12 * 3];
    random.nextBytes(tiny);
    return Image.of(16, 12, tiny).resize(160, 120);
  }

  private Image reEncoded(Image image) throws IOException {
    Path file = folder.resolve("again.jpg");
    ImageIO.write(image.toBuffered(), "jpg", file.toFile());
    return Image.read(file);
  }

  @Test
  void re_encoded_and_resized_images_keep_theirs() throws IOException {
    for (long seed = 0; seed < 20; seed++) {
      Image image = blobs(seed);
      Image smaller = image.resize(80, 60);
      long hash = PerceptualHash.of(image);
      assertThat(PerceptualHash.distance(hash, PerceptualHash.of(image))).isZero();
      assertThat(PerceptualHash.distance(hash, PerceptualHash.of(reEncoded(smaller))))
          .isLessThanOrEqualTo(8);
    }
  }

  @Test
  void other_images_have_about_half_of_the_bits_different() {
    double sum = 0;
    for (long seed = 0; seed < 50; seed++) {
      long hash = PerceptualHash.of(blobs(seed));
      int distance = PerceptualHash.distance(hash, PerceptualHash.of(blobs(seed + 100)));
      assertThat(distance).isGreaterThan(10);
      sum += distance;
    }
    assertThat(sum / 50).isBetween(28.0, 36.0);
  }

  @Test
  void image_without_structure_is_like_nothing_not_even_itself() {
    long grey = PerceptualHash.of(Image.filled(40, 40, 0x808080));
    assertThat(grey).isZero();
    assertThat(PerceptualHash.distance(grey, grey)).isEqualTo(64);
  }

  /** Against the definition: each coefficient as a sum over all pixels. */
  @Test
  void bits_are_signs_of_cosine_coefficients_about_their_median() {
    Image image = blobs(3).resize(32, 32);
    double[] coefficients = new double[64];
    for (int v = 1; v <= 8; v++) {
      for (int u = 1; u <= 8; u++) {
        for (int y = 0; y < 32; y++) {
          for (int x = 0; x < 32; x++) {
            int c = image.at(x, y);
            double grey = 0.299 * (c >> 16) + 0.587 * (c >> 8 & 0xFF) + 0.114 * (c & 0xFF);
            coefficients[8 * (v - 1) + u - 1] +=
                grey
                    * Math.cos(Math.PI * u * (x + 0.5) / 32)
                    * Math.cos(Math.PI * v * (y + 0.5) / 32);
          }
        }
      }
    }
    double[] sorted = java.util.Arrays.stream(coefficients).sorted().toArray();
    double median = (sorted[31] + sorted[32]) / 2;
    long hash = PerceptualHash.of(image);
    assertThat(Long.bitCount(hash)).isEqualTo(32);
    for (int i = 0; i < 64; i++) {
      assertThat((hash >>> i & 1) == 1).isEqualTo(coefficients[i] > median);
    }
  }
}
