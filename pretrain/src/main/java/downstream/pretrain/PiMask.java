package downstream.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.run.Estimate;
import downstream.eval.run.Pretrainer;
import downstream.eval.run.Pretraining;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.Weight;
import downstream.pretrain.masks.PixelMask;
import downstream.pretrain.views.CropView;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.View;
import downstream.pretrain.watch.Drawing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

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
  public List<Estimate> estimate(Pretraining pretraining) throws IOException {
    return List.of(stage(pretraining).estimate(pretraining));
  }

  @Override
  public void run(Pretraining pretraining) throws IOException {
    stage(pretraining).run(this, pretraining.resolve(PiMaskSettings.class), pretraining);
  }

  static Stage<MaskedImage, Painter> stage(Pretraining pretraining) {
    PiMaskSettings settings = pretraining.resolve(PiMaskSettings.class);
    return new Stage<>(
        "pimask",
        manager -> new Painter(settings, pretraining.seed(), manager),
        new Masked(new Photos(pretraining.images()), settings),
        settings.training(),
        settings.budget());
  }

  /** Random-resized crop, flip and mask. */
  record Masked(Photos photos, View view, PiMaskSettings settings)
      implements Examples<MaskedImage> {
    Masked(Photos photos, PiMaskSettings settings) {
      this(
          photos,
          CropView.ringmo(settings.encoder().imageSize(), settings.minCropArea()),
          settings);
    }

    @Override
    public int size() {
      return photos.size();
    }

    @Override
    public MaskedImage load(int index, RandomGenerator random) {
      float[] planes = view.draw(photos.get(index), random);
      PixelMask mask =
          PixelMask.draw(
              settings.encoder().imageSize(), settings.unit(), settings.hidden(), random);
      return new MaskedImage(planes, mask.pixels());
    }
  }

  /** The method itself. N images, T tokens, P values a patch. */
  static final class Painter implements Learner<MaskedImage> {
    private final Encoder encoder;
    private final LinearDecoder decoder;

    /**
     * @param manager owns the weights
     */
    Painter(PiMaskSettings settings, long seed, NDManager manager) {
      encoder = new Encoder(settings.encoder(), seed, manager);
      decoder = new LinearDecoder(settings.encoder(), seed, manager);
    }

    @Override
    public String name() {
      return "pimask";
    }

    @Override
    public Encoder encoder() {
      return encoder;
    }

    @Override
    public List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(encoder.weights("encoder"));
      weights.addAll(decoder.weights("decoder"));
      return weights;
    }

    @Override
    public Map<String, NDArray> state() {
      return encoder.state("encoder");
    }

    @Override
    public long flops() {
      return Flops.TRAINED * (encoder.flops(encoder.settings().imageSize()) + decoder.flops());
    }

    @Override
    public Map<String, Drawing> drawings(Examples<MaskedImage> examples) {
      List<MaskedImage> shown = Learner.shown(examples, Reconstructions.COUNT);
      return Map.of(
          "reconstructions", step -> decoder.sheet(shown, paint(batch(shown, step), step, false)));
    }

    @Override
    public Losses losses(List<MaskedImage> batch, Step step) {
      MaskedBatch images = batch(batch, step);
      NDArray loss = decoder.loss(paint(images, step, true), images, false);
      return new Losses(loss, Map.of("reconstruction", loss));
    }

    private MaskedBatch batch(List<MaskedImage> images, Step step) {
      return MaskedBatch.of(images, encoder.settings().imageSize(), step.manager());
    }

    /** [N, T, P]. */
    private NDArray paint(MaskedBatch images, Step step, boolean training) {
      NDArray latent = encoder.latent(step.store(), images.visible(), training);
      return decoder.paint(step.store(), encoder.patchTokens(latent), training);
    }
  }
}
