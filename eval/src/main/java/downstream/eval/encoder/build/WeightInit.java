package downstream.eval.encoder.build;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Initial values of weights before training; every draw moves the generator on. */
public final class WeightInit {
  private WeightInit() {}

  /** Uniform in ±√(6 / (in + out)) (Glorot and Bengio, 2010). */
  static float[] xavier(SplittableRandom random, int in, int out, int count) {
    return uniform(random, Math.sqrt(6.0 / (in + out)), count);
  }

  /** Normal with variance 2 / fan (He et al., 2015), for layers that a ReLU follows. */
  public static float[] kaiming(SplittableRandom random, long fan, int count) {
    return normal(random, Math.sqrt(2.0 / fan), count);
  }

  /** Normal with mean 0. */
  public static float[] normal(SplittableRandom random, double deviation, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  /** Normal with mean 0; values beyond {@code cut} deviations are drawn again. */
  static float[] truncatedNormal(SplittableRandom random, double deviation, int cut, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      double value = random.nextGaussian();
      while (Math.abs(value) > cut) {
        value = random.nextGaussian();
      }
      values[i] = (float) (deviation * value);
    }
    return values;
  }

  /** Uniform in ±{@code bound}. */
  static float[] uniform(SplittableRandom random, double bound, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-bound, bound);
    }
    return values;
  }

  /** The same value everywhere. */
  public static float[] constant(float value, int count) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return values;
  }
}
