package downstream.pretrain.method;

import ai.djl.ndarray.NDManager;
import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.pretrain.masks.PixelMask;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.CropView;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * RingMo's masking by itself (Sun et al., "RingMo: A Remote Sensing Foundation Model with Masked
 * Image Modeling", TGRS 2022): in each masked unit some pixels are kept, so that no small object
 * disappears whole; the encoder sees every token, hidden pixels are 0, and a linear decoder paints
 * them.
 */
public final class PiMask implements Pretrainer {
  @Override
  public String name() {
    return "pimask";
  }

  @Override
  public String summary() {
    return "Patch-incomplete masking (RingMo, Sun et al. 2022): masked patches keep some pixels";
  }

  @Override
  public Map<String, Record> presets() {
    return PiMaskSettings.PRESETS;
  }

  @Override
  public List<CostEstimate> estimate(PretrainingRequest pretraining) throws IOException {
    return List.of(stage(pretraining).estimate(pretraining));
  }

  @Override
  public void run(PretrainingRequest pretraining) throws IOException {
    stage(pretraining).run(this, pretraining.resolve(PiMaskSettings.class), pretraining);
  }

  public static TrainingStage<MaskedImage, MaskedPixelModel> stage(PretrainingRequest pretraining) {
    PiMaskSettings settings = pretraining.resolve(PiMaskSettings.class);
    return new TrainingStage<>(
        "pimask",
        manager -> painter(settings, pretraining.seed(), manager),
        crops(new Photos(pretraining.images()), settings),
        settings.training(),
        settings.budget());
  }

  /** Random-resized crop, flip and a mask that leaves some pixels of each unit. */
  static MaskedCrops crops(Photos photos, PiMaskSettings settings) {
    int size = settings.encoder().imageSize();
    return new MaskedCrops(
        photos,
        CropView.ringmo(size, settings.minCropArea()),
        random ->
            PixelMask.draw(size, settings.maskUnitPixels(), settings.maskRatios(), random)
                .pixels());
  }

  static MaskedPixelModel painter(PiMaskSettings settings, long seed, NDManager manager) {
    MaskedPixelModel.Sight visible =
        (encoder, images, step, training) ->
            encoder.latent(step.store(), images.visible(), training);
    return new MaskedPixelModel("pimask", settings.encoder(), visible, seed, manager);
  }
}
