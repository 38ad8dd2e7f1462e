package downstream.pretrain.views;

import java.util.List;

/** Mean and standard deviation of ImageNet's pixels, in [0, 1]: how encoders' inputs are scaled. */
public final class ImageNetStatistics {
  /** Mean of each channel, RGB. */
  public static final List<Double> MEAN = List.of(.485, .456, .406);

  /** Standard deviation of each channel, RGB. */
  public static final List<Double> STD = List.of(.229, .224, .225);

  private ImageNetStatistics() {}

  /** RGB planes in [0, 1] as [3, pixels]: (v - mean) / std; the planes are used up. */
  static float[] normalised(float[][] rgb) {
    int area = rgb[0].length;
    float[] planes = new float[3 * area];
    for (int channel = 0; channel < 3; channel++) {
      double std = STD.get(channel);
      scale(rgb[channel], (float) (1 / std), (float) (-MEAN.get(channel) / std));
      System.arraycopy(rgb[channel], 0, planes, channel * area, area);
    }
    return planes;
  }

  private static void scale(float[] values, float factor, float term) {
    for (int i = 0; i < values.length; i++) {
      values[i] = factor * values[i] + term;
    }
  }
}
