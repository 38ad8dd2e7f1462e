package downstream.pretrain.method;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.masks.UnitMask;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.MaskToken;
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
    Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
    MaskToken token = MaskToken.drawn(settings.encoder().patchWidth(), manager);
    return new MaskedPixelModel(
        "simmim",
        new Encoder(settings.encoder(), seed, manager).withDropPath(settings.dropPath()),
        new Replaced(token),
        seed,
        manager);
  }

  /** Patches whose masked ones are replaced. N images, T tokens, D their width. */
  private record Replaced(MaskToken token) implements MaskedPixelModel.MaskedInput {
    @Override
    public List<Weight> weights() {
      return List.of(token.weight());
    }

    @Override
    public NDArray encode(Encoder encoder, MaskedBatch images, Step step, boolean training) {
      NDArray patches = encoder.patches(step.store(), images.pixels(), training); // [N, T, D]
      NDArray mask = // [N, T, 1]: all values of a patch are masked alike
          images.patchMask(encoder.settings().patch()).get(":, :, :1");
      NDArray seen = token.replace(patches, mask); // before positions are added
      return encoder.latentOfPatches(step.store(), seen, training);
    }
  }
}
