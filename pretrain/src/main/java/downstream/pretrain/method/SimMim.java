package downstream.pretrain.method;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.masks.UnitMask;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.MaskedBatch;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.CropView;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * SimMIM (Xie et al., "SimMIM: A Simple Framework for Masked Image Modeling", CVPR 2022, arXiv
 * 2111.09886): masked patches are replaced by one learned token, the encoder sees all of them, and
 * a linear decoder paints the masked pixels.
 */
public final class SimMim implements Pretrainer {
  @Override
  public String name() {
    return "simmim";
  }

  @Override
  public String summary() {
    return "Masked image modelling (SimMIM, Xie et al. 2022): a mask token and a linear decoder";
  }

  @Override
  public Map<String, Record> presets() {
    return SimMimSettings.PRESETS;
  }

  @Override
  public List<CostEstimate> estimate(PretrainingRequest pretraining) throws IOException {
    return List.of(stage(pretraining).estimate(pretraining));
  }

  @Override
  public void run(PretrainingRequest pretraining) throws IOException {
    stage(pretraining).run(this, pretraining.resolve(SimMimSettings.class), pretraining);
  }

  public static TrainingStage<MaskedImage, MaskedPixelModel> stage(PretrainingRequest pretraining) {
    SimMimSettings settings = pretraining.resolve(SimMimSettings.class);
    return new TrainingStage<>(
        "simmim",
        manager -> painter(settings, pretraining.seed(), manager),
        crops(new Photos(pretraining.images()), settings),
        settings.training(),
        settings.budget());
  }

  /** Random-resized crop, flip and a mask of whole units. */
  static MaskedCrops crops(Photos photos, SimMimSettings settings) {
    int size = settings.encoder().imageSize();
    return new MaskedCrops(
        photos,
        CropView.simmim(size, settings.minCropArea()),
        random ->
            UnitMask.draw(size, settings.maskUnitPixels(), settings.maskRatio(), random).pixels());
  }

  static MaskedPixelModel painter(SimMimSettings settings, long seed, NDManager manager) {
    MaskToken token = new MaskToken(settings.encoder().embedding(), seed, manager);
    return new MaskedPixelModel("simmim", settings.encoder(), token, seed, manager);
  }

  /** One learned token in place of every masked patch. N images, T tokens, D their width. */
  private static final class MaskToken implements MaskedPixelModel.Sight {
    private static final float DEVIATION = .02f;

    private final NDArray token;

    MaskToken(int width, long seed, NDManager manager) {
      Engine.getInstance().setRandomSeed((int) seed);
      token = manager.truncatedNormal(new Shape(1, 1, width)).muli(DEVIATION);
      token.setRequiresGradient(true);
    }

    @Override
    public List<Weight> weights() {
      return List.of(new Weight("maskToken", token, false, 1, true));
    }

    @Override
    public NDArray latent(Encoder encoder, MaskedBatch images, Step step, boolean training) {
      NDArray patches = encoder.patches(step.store(), images.pixels(), training); // [N, T, D]
      NDArray hidden = images.hiddenPatches(encoder.settings().patchSize()); // whole patches alike
      NDArray masked = hidden.get(":, :, :1"); // [N, T, 1]
      NDArray mixed = // before positions: x · (1 - w) + token · w
          patches.mul(masked.neg().add(1)).add(masked.mul(token));
      return encoder.latentOfPatches(step.store(), mixed, training);
    }
  }
}
