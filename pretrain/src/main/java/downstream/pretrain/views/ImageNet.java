package downstream.pretrain.views;

import java.util.List;

/** Mean and standard deviation of ImageNet's pixels, in [0, 1]: how encoders' inputs are scaled. */
public final class ImageNet {
  /** Per channel, RGB. */
  public static final List<Double> MEAN = List.of(.485, .456, .406);

  /** Per channel, RGB. */
  public static final List<Double> STD = List.of(.229, .224, .225);

  private ImageNet() {}

  /** In place: planes [3, pixels] in [0, 1] become (v - mean) / std. */
  static float[] normalise(float[] planes) {
    int area = planes.length / 3;
    for (int channel = 0; channel < 3; channel++) {
      float mean = MEAN.get(channel).floatValue();
      float scale = (float) (1 / STD.get(channel));
      for (int i = channel * area; i < (channel + 1) * area; i++) {
        planes[i] = (planes[i] - mean) * scale;
      }
    }
    return planes;
  }
}
