package downstream.pretrain;

import downstream.eval.encoder.VisionTransformer;
import downstream.eval.train.Optimiser;
import downstream.eval.train.Plan;
import downstream.eval.train.Schedule;

/**
 * Settings of {@link Byol}. The papers give recipes for ResNets only; here stand those of a small
 * ViT, trained by AdamW.
 *
 * @param imageSize side of a view and of the encoder's input in pixels
 * @param patch side of a patch in pixels
 * @param width D of the encoder
 * @param depth transformer blocks of the encoder
 * @param heads attention heads of the encoder
 * @param hiddenScale hidden width of projector and predictor as a multiple of D (paper: 4096 beside
 *     2048 channels); 4096 at most
 * @param projection width of projector's and predictor's output (paper: 256)
 * @param momentum τ at the start; it rises to 1 along a cosine (paper: 0.996 for 1000 epochs, 0.99
 *     for 300, 0.97 for 40)
 * @param minCropArea smallest crop as a share of the image (paper: 0.08)
 * @param epochs passes over the images (paper: 1000)
 * @param batch images an update (paper: 4096)
 * @param learningRate peak rate
 * @param weightDecay not on biases and norms
 * @param warmup share of the updates in which the rate rises
 * @param clip largest gradient norm; 0 for none
 */
record ByolSettings(
    int imageSize,
    int patch,
    int width,
    int depth,
    int heads,
    int hiddenScale,
    int projection,
    double momentum,
    double minCropArea,
    int epochs,
    int batch,
    double learningRate,
    double weightDecay,
    double warmup,
    double clip) {
  static final ByolSettings DEFAULTS =
      new ByolSettings(64, 8, 128, 4, 4, 4, 128, .99, .08, 100, 64, 1e-3, .05, .05, 1);

  private static final int MLP_RATIO = 4;
  private static final int WIDEST_HIDDEN = 4096;
  private static final double BETA_1 = .9;
  private static final double BETA_2 = .95;

  ByolSettings {
    new VisionTransformer(imageSize, patch, width, depth, heads, MLP_RATIO);
    Check.positive("epochs", epochs);
    Check.positive("hiddenScale", hiddenScale);
    Check.positive("projection", projection);
    Check.positive("learningRate", learningRate);
    Check.share("minCropArea", minCropArea);
    Check.that(momentum >= 0 && momentum < 1, "momentum must be in [0, 1), not " + momentum);
    Check.that(batch > 1, "batch must be at least 2 for batch norm, not " + batch);
  }

  VisionTransformer encoder() {
    return new VisionTransformer(imageSize, patch, width, depth, heads, MLP_RATIO);
  }

  /** Hidden width of projector and predictor. */
  int hidden() {
    return Math.min(WIDEST_HIDDEN, hiddenScale * width);
  }

  Plan plan(int images, long seed, int threads) {
    int steps = Epochs.steps(images, batch, epochs);
    return new Plan(
        steps,
        batch,
        new Optimiser.AdamW(learningRate, weightDecay, BETA_1, BETA_2),
        Schedule.cosine(warmup),
        clip,
        seed,
        Epochs.checkpointEvery(steps),
        threads);
  }
}
