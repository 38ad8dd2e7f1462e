package downstream.pretrain.views;

import java.util.List;

/** Mean and standard deviation of ImageNet's pixels, in [0, 1]: how encoders' inputs are scaled. */
public final class ImageNet {
  /** Per channel, RGB. */
  public static final List<Double> MEAN = List.of(.485, .456, .406);

  /** Per channel, RGB. */
  public static final List<Double> STD = List.of(.229, .224, .225);

  private ImageNet() {}
}
