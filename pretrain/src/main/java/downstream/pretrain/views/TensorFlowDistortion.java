package downstream.pretrain.views;

import java.util.random.RandomGenerator;

/**
 * The colour augmentation of recipes that use TensorFlow (SimCLR, {@code data_util.py}; BYOL,
 * {@code augmentations.py}): colour jitter, grayscale, Gaussian blur, in this order, each with its
 * probability.
 *
 * @param jitter applied with probability 0.8
 * @param blur probability of a blur
 */
record TensorFlowDistortion(ByolJitter jitter, double blur) {
  private static final double JITTER = .8;
  private static final double GREY = .2;
  private static final double MIN_SIGMA = .1;
  private static final double MAX_SIGMA = 2;

  /** Applies it in place, on RGB planes in [0, 1]. */
  void apply(float[][] rgb, int size, RandomGenerator random) {
    if (random.nextDouble() < JITTER) {
      jitter.apply(rgb, random);
    }
    if (random.nextDouble() < GREY) {
      ColourTransforms.grey(rgb);
    }
    if (random.nextDouble() < blur) {
      double sigma = MIN_SIGMA + random.nextDouble() * (MAX_SIGMA - MIN_SIGMA);
      Blur.gaussian(rgb, size, size / 10 / 2, sigma); // a kernel of a tenth of the side
    }
  }
}
