package downstream.pretrain.views;

import java.util.random.RandomGenerator;

/**
 * What happens to a crop in the recipes that torchvision wrote: colour jitter, grayscale, Gaussian
 * blur, solarise, in this order, each with its probability. The blur's standard deviation of 0.1 to
 * 2 pixels is that of crops of 224 pixels; smaller crops are blurred by the same share of their
 * side, since two pixels of 32 would leave no shape to be seen.
 *
 * @param jitter applied with probability 0.8
 * @param blur probability of a blur
 * @param solarise probability of solarising
 */
record Distortion(TorchvisionJitter jitter, double blur, double solarise) {
  private static final double JITTER = .8;
  private static final double GREY = .2;
  private static final double MIN_SIGMA = .1;
  private static final double MAX_SIGMA = 2;
  private static final double SIGMA_SIDE = 224;

  /** In place, on RGB planes in [0, 1]. */
  void apply(float[][] rgb, int size, RandomGenerator random) {
    if (random.nextDouble() < JITTER) {
      jitter.apply(rgb, random);
    }
    if (random.nextDouble() < GREY) {
      Colour.grey(rgb);
    }
    if (random.nextDouble() < blur) {
      double sigma = MIN_SIGMA + random.nextDouble() * (MAX_SIGMA - MIN_SIGMA);
      Blur.boxes(rgb, size, sigma * size / SIGMA_SIDE);
    }
    if (random.nextDouble() < solarise) {
      Colour.solarise(rgb);
    }
  }
}
