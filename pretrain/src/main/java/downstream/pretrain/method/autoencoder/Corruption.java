package downstream.pretrain.method.autoencoder;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.pretrain.masks.KeptPixels;
import downstream.pretrain.masks.MaskRatios;
import downstream.pretrain.masks.PixelMask;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.views.ImageNetStatistics;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Corruption of an image's pixels, all three channels of a pixel alike (Vincent et al., "Stacked
 * Denoising Autoencoders", JMLR 2010, section 4.1.1).
 *
 * @param kind what happens to a pixel
 * @param amount share of the pixels; of {@code gaussian}, the standard deviation of the noise on
 *     values in [0, 1]
 */
record Corruption(Kind kind, double amount) {
  /** Kinds of noise. */
  enum Kind {
    /** A share of the pixels becomes 0, the mean colour of all images once they are normalised. */
    @JsonProperty("masking")
    MASKING,
    /** Noise on every value. */
    @JsonProperty("gaussian")
    GAUSSIAN,
    /** A share of the pixels becomes black or white, each with probability one half. */
    @JsonProperty("salt-pepper")
    SALT_PEPPER
  }

  Corruption {
    SettingsChecks.fraction("corruption.amount", amount);
  }

  /**
   * Corrupts an image.
   *
   * @param planes [3, size, size], normalised; not changed
   */
  CorruptedImage apply(float[] planes, int size, RandomGenerator random) {
    float[] seen = planes.clone();
    float[] mask = new float[size * size];
    if (kind == Kind.GAUSSIAN) {
      Arrays.fill(mask, 1);
      for (int i = 0; i < seen.length; i++) {
        seen[i] += (float) (amount * random.nextGaussian() / std(i / mask.length));
      }
      return new CorruptedImage(planes, seen, mask);
    }
    MaskRatios ratios = new MaskRatios(1, amount);
    mask = PixelMask.draw(size, size, ratios, new KeptPixels.Scattered(), random).pixels();
    for (int pixel = 0; pixel < mask.length; pixel++) {
      if (mask[pixel] == 1) {
        double value = kind == Kind.SALT_PEPPER && random.nextBoolean() ? 1 : 0;
        for (int channel = 0; channel < 3; channel++) {
          seen[channel * mask.length + pixel] = hidden(value, channel);
        }
      }
    }
    return new CorruptedImage(planes, seen, mask);
  }

  private float hidden(double value, int channel) {
    return kind == Kind.MASKING
        ? 0
        : (float) ((value - ImageNetStatistics.MEAN.get(channel)) / std(channel));
  }

  private static double std(int channel) {
    return ImageNetStatistics.STD.get(channel);
  }
}
