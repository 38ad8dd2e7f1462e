package downstream.pretrain.method;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.masks.UnitMask;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.MaskedBatch;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.CropView;
import downstream.pretrain.views.Photos;
import java.util.List;

/**
 * SimMIM (Xie et al., "SimMIM: A Simple Framework for Masked Image Modeling", CVPR 2022, arXiv
 * 2111.09886): masked patches are replaced by one learned token, the encoder sees all of them, and
 * a linear decoder reconstructs the masked pixels. The loss is {@link MaskedPixelModel}'s.
 */
public final class SimMim extends PretrainingMethod<SimMimSettings> {
  public SimMim() {
    super(
        "simmim",
        "Masked image modelling (SimMIM, Xie et al. 2022): a mask token and a linear decoder",
        SimMimSettings.class,
        SimMimSettings.PRESETS);
  }

  @Override
  public TrainingStage<MaskedImage, MaskedPixelModel> stages(
      SimMimSettings settings, PretrainingRequest request) {
    return new TrainingStage<>(
        "simmim",
        manager -> model(settings, request.seed(), manager),
        views(settings, new Photos(request.images())),
        settings.training(),
        settings.budget());
  }

  /** Views: random resized crop, flip and a mask of whole units. */
  static MaskedCrops views(SimMimSettings settings, Photos photos) {
    int size = settings.encoder().imageSize();
    return new MaskedCrops(
        photos,
        CropView.simmim(size, settings.minCropArea()),
        random ->
            UnitMask.draw(size, settings.maskUnitPixels(), settings.maskRatio(), random).pixels());
  }

  static MaskedPixelModel model(SimMimSettings settings, long seed, NDManager manager) {
    MaskToken token = new MaskToken(settings.encoder().patchWidth(), seed, manager);
    return new MaskedPixelModel("simmim", settings.encoder(), token, seed, manager);
  }

  /** One learned token in place of every masked patch. N images, T tokens, D their width. */
  private static final class MaskToken implements MaskedPixelModel.MaskedInput {
    private static final float DEVIATION = .02f;

    private final NDArray token; // [1, 1, D]

    MaskToken(int width, long seed, NDManager manager) {
      Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
      token = manager.truncatedNormal(new Shape(1, 1, width)).muli(DEVIATION);
      token.setRequiresGradient(true);
    }

    @Override
    public List<Weight> weights() {
      return List.of(new Weight("maskToken", token, false, 1, true));
    }

    @Override
    public NDArray encode(Encoder encoder, MaskedBatch images, Step step, boolean training) {
      NDArray patches = encoder.patches(step.store(), images.pixels(), training); // [N, T, D]
      NDArray mask = // [N, T, 1]: all values of a patch are masked alike
          images.patchMask(encoder.settings().patch()).get(":, :, :1");
      NDArray masked = // before positions are added: x · (1 - w) + token · w
          patches.mul(mask.neg().add(1)).add(mask.mul(token));
      return encoder.latentOfPatches(step.store(), masked, training);
    }
  }
}
