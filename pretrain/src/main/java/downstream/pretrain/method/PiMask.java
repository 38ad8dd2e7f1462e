package downstream.pretrain.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.Step;
import downstream.pretrain.masks.PixelMask;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.MaskedBatch;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.CropView;
import downstream.pretrain.views.Photos;

/**
 * RingMo's masking by itself (Sun et al., "RingMo: A Remote Sensing Foundation Model with Masked
 * Image Modeling", TGRS 2022): in each masked unit some pixels are kept, so that no small object
 * disappears whole; the encoder sees every token, masked pixels are 0 or another fill, and a linear
 * decoder reconstructs them. The loss is {@link MaskedPixelModel}'s.
 */
public final class PiMask extends PretrainingMethod<PiMaskSettings> {
  public PiMask() {
    super(
        "pimask",
        "Patch-incomplete masking (RingMo, Sun et al. 2022): masked patches keep some pixels",
        PiMaskSettings.class,
        PiMaskSettings.PRESETS);
  }

  @Override
  public TrainingStage<MaskedImage, MaskedPixelModel> stages(
      PiMaskSettings settings, PretrainingRequest request) {
    return new TrainingStage<>(
        "pimask",
        manager -> model(settings, request.seed(), manager),
        views(settings, new Photos(request.images())),
        settings.training(),
        settings.budget());
  }

  /** Views: random resized crop, flip and a mask that leaves some pixels of each unit. */
  static MaskedCrops views(PiMaskSettings settings, Photos photos) {
    int size = settings.encoder().imageSize();
    return new MaskedCrops(
        photos,
        CropView.ringmo(size, settings.minCropArea()),
        random ->
            PixelMask.draw(
                    size,
                    settings.maskUnitPixels(),
                    settings.maskRatios(),
                    settings.keptPixels(),
                    random)
                .pixels());
  }

  static MaskedPixelModel model(PiMaskSettings settings, long seed, NDManager manager) {
    return new MaskedPixelModel(
        "pimask",
        new Encoder(settings.encoder(), seed, manager).withDropPath(settings.dropPath()),
        new VisiblePixels(settings),
        seed,
        manager);
  }

  /** The pixels that are not masked, and the fill in place of the others. */
  private record VisiblePixels(PiMaskSettings settings) implements MaskedPixelModel.MaskedInput {
    @Override
    public boolean normPix() {
      return settings.normPix();
    }

    @Override
    public NDArray encode(Encoder encoder, MaskedBatch images, Step step, boolean training) {
      NDArray visible = images.visible(settings.hidden().fill(), settings.encoder().patch());
      return encoder.latent(step.store(), visible, training); // [N, (1 +) T, D]
    }
  }
}
