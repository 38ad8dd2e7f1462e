package downstream.pretrain;

import downstream.eval.encoder.VisionTransformer;
import downstream.eval.train.Optimiser;
import downstream.eval.train.Plan;
import downstream.eval.train.Schedule;
import downstream.pretrain.masks.RandomMask;

/**
 * Settings of {@link Mae}. Where the paper has a value for it, the default is the paper's; sizes
 * are those of a small encoder for two CPU cores.
 *
 * @param imageSize side of the encoder's input in pixels
 * @param patch side of a patch in pixels
 * @param width D of the encoder
 * @param depth transformer blocks of the encoder
 * @param heads attention heads of the encoder
 * @param decoderWidth D of the decoder (paper: 512 beside 768)
 * @param decoderDepth blocks of the decoder (paper: 8)
 * @param decoderHeads attention heads of the decoder (paper: 16)
 * @param maskRatio share of the tokens removed (paper: 0.75)
 * @param normPix whether each patch of the target is standardised by itself (paper: yes)
 * @param minCropArea smallest crop as a share of the image (paper: 0.2)
 * @param epochs passes over the images (paper: 800)
 * @param batch images an update (paper: 4096)
 * @param baseLearningRate rate for a batch of 256; the rate used is this × batch / 256 (paper:
 *     1.5e-4 for 800 epochs of ImageNet, which is far too low for few small batches)
 * @param weightDecay not on biases and norms (paper: 0.05)
 * @param warmup share of the updates in which the rate rises (paper: 40 of 800 epochs)
 */
record MaeSettings(
    int imageSize,
    int patch,
    int width,
    int depth,
    int heads,
    int decoderWidth,
    int decoderDepth,
    int decoderHeads,
    double maskRatio,
    boolean normPix,
    double minCropArea,
    int epochs,
    int batch,
    double baseLearningRate,
    double weightDecay,
    double warmup) {
  static final MaeSettings DEFAULTS =
      new MaeSettings(64, 8, 128, 4, 4, 64, 2, 4, .75, true, .2, 200, 64, 4e-3, .05, .05);

  private static final int MLP_RATIO = 4;
  private static final double BETA_1 = .9;
  private static final double BETA_2 = .95;
  private static final int REFERENCE_BATCH = 256;

  MaeSettings {
    Check.positive("epochs", epochs);
    Check.positive("batch", batch);
    Check.positive("decoderDepth", decoderDepth);
    Check.that(
        decoderWidth > 0
            && decoderWidth % 4 == 0
            && decoderHeads > 0
            && decoderWidth % decoderHeads == 0,
        "decoderWidth must be a multiple of 4 and of decoderHeads, not " + decoderWidth);
    Check.positive("baseLearningRate", baseLearningRate);
    Check.share("minCropArea", minCropArea);
    int grid = new VisionTransformer(imageSize, patch, width, depth, heads, MLP_RATIO).grid();
    Check.that(
        maskRatio > 0 && RandomMask.visible(grid * grid, maskRatio) > 0,
        "maskRatio must hide some of the " + grid * grid + " tokens and not all: " + maskRatio);
  }

  VisionTransformer encoder() {
    return new VisionTransformer(imageSize, patch, width, depth, heads, MLP_RATIO);
  }

  /** L, the tokens of an image. */
  int tokens() {
    return encoder().grid() * encoder().grid();
  }

  /** V, how many of them the encoder sees. */
  int visible() {
    return RandomMask.visible(tokens(), maskRatio);
  }

  /** P, the values of a patch. */
  int patchValues() {
    return 3 * patch * patch;
  }

  /** The linear scaling rule. */
  double learningRate() {
    return baseLearningRate * batch / REFERENCE_BATCH;
  }

  Plan plan(int images, long seed, int threads) {
    int steps = Epochs.steps(images, batch, epochs);
    return new Plan(
        steps,
        batch,
        new Optimiser.AdamW(learningRate(), weightDecay, BETA_1, BETA_2),
        Schedule.cosine(warmup),
        0,
        seed,
        Epochs.checkpointEvery(steps),
        threads);
  }
}
