package downstream.pretrain.views;

import java.util.random.RandomGenerator;

/** ORL's second view of a region (Xie et al. 2021, {@code datasets/orl.py}): a box close to it. */
public final class IntraJitter {
  private static final double MIN_AREA = .5;
  private static final double MAX_AREA = 2;
  private static final double NARROWEST = .5;
  private static final double CENTRE_SHIFT = .5;
  private static final double MIN_IOU = .5;
  private static final int TRIALS = 200;

  private IntraJitter() {}

  /**
   * A box whose area is 0.5 to 2 times the region's, uniformly, whose aspect ratio is log-uniform
   * in 0.5 to 2 whatever the region's is, and whose centre is moved by up to half a side,
   * uniformly; drawn until it lies in the image and its IoU with the region is more than one half,
   * at most 200 times, after which it is the region itself.
   *
   * @param width of the image
   * @param height of the image
   */
  public static Region draw(Region region, int width, int height, RandomGenerator random) {
    for (int trial = 0; trial < TRIALS; trial++) {
      double area = region.area() * uniform(MIN_AREA, MAX_AREA, random);
      double ratio = Math.exp(uniform(Math.log(NARROWEST), -Math.log(NARROWEST), random));
      int w = (int) Math.round(Math.sqrt(area * ratio));
      int h = (int) Math.round(Math.sqrt(area / ratio));
      double centreX =
          region.x() + region.width() * (.5 + uniform(-CENTRE_SHIFT, CENTRE_SHIFT, random));
      double centreY =
          region.y() + region.height() * (.5 + uniform(-CENTRE_SHIFT, CENTRE_SHIFT, random));
      int x = (int) Math.round(centreX - w / 2.0);
      int y = (int) Math.round(centreY - h / 2.0);
      if (w > 0 && h > 0 && x >= 0 && y >= 0) {
        Region jittered = new Region(x, y, w, h);
        if (jittered.inside(width, height) && jittered.iou(region) > MIN_IOU) {
          return jittered;
        }
      }
    }
    return region;
  }

  private static double uniform(double low, double high, RandomGenerator random) {
    return low + random.nextDouble() * (high - low);
  }
}
