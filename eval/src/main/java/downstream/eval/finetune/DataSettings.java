package downstream.eval.finetune;

import static downstream.eval.Checks.atLeast;
import static downstream.eval.Checks.or;
import static downstream.eval.Checks.positiveFraction;

/**
 * Group {@code data} of a protocol: which training images are used, and how the network takes them.
 *
 * @param labelFraction fraction of the training images that is used, (0, 1]; 1
 * @param labelSeed random seed that chooses that fraction, the same for every encoder and run; 0
 * @param imageSize side of the square that the encoder takes, pixels; 96
 * @param batch images per update; 16
 */
public record DataSettings(Double labelFraction, Long labelSeed, Integer imageSize, Integer batch) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public DataSettings {
    labelFraction = or(labelFraction, 1.0);
    labelSeed = or(labelSeed, 0L);
    imageSize = or(imageSize, 96);
    batch = or(batch, 16);
    positiveFraction(labelFraction, "data.labelFraction");
    atLeast(imageSize, 16, "data.imageSize");
    atLeast(batch, 1, "data.batch");
  }
}
