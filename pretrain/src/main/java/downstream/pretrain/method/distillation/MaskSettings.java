package downstream.pretrain.method.distillation;

import downstream.pretrain.masks.BlockMask;
import downstream.pretrain.settings.SettingsChecks;
import java.util.random.RandomGenerator;

/**
 * Settings of the masks of large crops, blocks of patches.
 *
 * @param unmasked probability that a crop is not masked (paper: 0.5)
 * @param minRatio smallest largest share of masked patches of another (paper: 0.1)
 * @param maxRatio largest share of masked patches (paper: 0.5)
 */
record MaskSettings(double unmasked, double minRatio, double maxRatio) {
  /** The paper's, with its {@code pred_ratio 0 0.3} and {@code pred_ratio_var 0 0.2}. */
  static final MaskSettings PAPER = new MaskSettings(.5, .1, .5);

  MaskSettings {
    SettingsChecks.that(
        unmasked >= 0 && unmasked < 1, "mask.unmasked must be in [0, 1), not " + unmasked);
    SettingsChecks.fraction("mask.minRatio", minRatio);
    SettingsChecks.that(
        maxRatio >= minRatio && maxRatio <= 1,
        "mask.maxRatio must be in [mask.minRatio, 1], not " + maxRatio);
  }

  /**
   * Draws the mask of a crop.
   *
   * @return [grid · grid], 1 where a patch is masked
   */
  float[] draw(int grid, RandomGenerator random) {
    double ratio = minRatio + (maxRatio - minRatio) * random.nextDouble();
    return BlockMask.draw(grid, random.nextDouble() < unmasked ? 0 : ratio, random);
  }
}
