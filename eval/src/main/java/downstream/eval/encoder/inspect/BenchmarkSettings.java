package downstream.eval.encoder.inspect;

import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.torch.Precision;

/**
 * Settings of an {@link EncoderBenchmark}.
 *
 * @param size side of the images in pixels
 * @param batch number of images of a step
 * @param precision of the training engine; frozen inference is float32
 * @param threads of both engines on the CPU
 * @param rounds how often each operation is timed
 */
public record BenchmarkSettings(
    int size, int batch, Precision precision, Device device, int threads, int rounds) {
  /**
   * @throws BadInput if a count is not positive, or the precision is not one of networks
   */
  public BenchmarkSettings {
    positive("--batch", batch, "images");
    positive("--rounds", rounds, "rounds");
    if (precision == Precision.FLOAT64) {
      throw new BadInput(
          "--precision",
          "must be float32, tf32 or bfloat16, not float64",
          "Use one of these values");
    }
  }

  private static void positive(String option, int count, String what) {
    if (count < 1) {
      throw new BadInput(
          option, "must be at least 1, not " + count, "Give a positive number of " + what);
    }
  }
}
