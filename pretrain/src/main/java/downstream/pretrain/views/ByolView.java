package downstream.pretrain.views;

import downstream.eval.data.Image;
import java.util.random.RandomGenerator;

/**
 * One of BYOL's two random views (Grill et al. 2020, appendix B): crop, flip, colour jitter,
 * grayscale, blur, solarise, in this order.
 *
 * @param size side of the view, pixels
 * @param minArea smallest crop as a share of the image; the paper's is 0.08
 * @param blur probability of a blur: 1 for the first view, 0.1 for the second
 * @param solarise probability of solarising: 0 for the first view, 0.2 for the second
 */
public record ByolView(int size, double minArea, double blur, double solarise) implements View {
  private static final double FLIP = .5;
  private static final double JITTER = .8;
  private static final double GREY = .2;
  private static final double MIN_SIGMA = .1;
  private static final double MAX_SIGMA = 2;

  /** View 1 of the paper. */
  public static ByolView first(int size, double minArea) {
    return new ByolView(size, minArea, 1, 0);
  }

  /** View 2 of the paper. */
  public static ByolView second(int size, double minArea) {
    return new ByolView(size, minArea, .1, .2);
  }

  @Override
  public float[] draw(Image image, RandomGenerator random) {
    Image crop = new RandomResizedCrop(minArea, 1).draw(image, size, random);
    float[] rgb = values(random.nextDouble() < FLIP ? crop.flip() : crop); // [size, size, 3]
    if (random.nextDouble() < JITTER) {
      Colour.jitter(rgb, random);
    }
    if (random.nextDouble() < GREY) {
      Colour.grey(rgb);
    }
    if (random.nextDouble() < blur) {
      double sigma = MIN_SIGMA + random.nextDouble() * (MAX_SIGMA - MIN_SIGMA);
      rgb = Blur.apply(rgb, size, size / 10 / 2, sigma); // a kernel of a tenth of the side
    }
    if (random.nextDouble() < solarise) {
      Colour.solarise(rgb);
    }
    return normalised(rgb);
  }

  private static float[] values(Image image) {
    byte[] bytes = image.rgb();
    float[] rgb = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      rgb[i] = (bytes[i] & 255) / 255f;
    }
    return rgb;
  }

  private float[] normalised(float[] rgb) {
    float[] planes = new float[rgb.length];
    for (int channel = 0; channel < 3; channel++) {
      double mean = ImageNet.MEAN.get(channel);
      double std = ImageNet.STD.get(channel);
      for (int i = 0; i < size * size; i++) {
        planes[channel * size * size + i] = (float) ((rgb[3 * i + channel] - mean) / std);
      }
    }
    return planes;
  }
}
