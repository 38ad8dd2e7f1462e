package downstream.pretrain;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.run.Estimate;
import downstream.eval.run.Pretrainer;
import downstream.eval.run.Pretraining;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.Weight;
import downstream.pretrain.masks.UnitMask;
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
  public List<Estimate> estimate(Pretraining pretraining) throws IOException {
    return List.of(stage(pretraining).estimate(pretraining));
  }

  @Override
  public void run(Pretraining pretraining) throws IOException {
    stage(pretraining).run(this, pretraining.resolve(SimMimSettings.class), pretraining);
  }

  static Stage<MaskedImage, Painter> stage(Pretraining pretraining) {
    SimMimSettings settings = pretraining.resolve(SimMimSettings.class);
    return new Stage<>(
        "simmim",
        manager -> new Painter(settings, pretraining.seed(), manager),
        new Masked(new Photos(pretraining.images()), settings),
        settings.training(),
        settings.budget());
  }

  /** Random-resized crop, flip and mask. */
  record Masked(Photos photos, View view, SimMimSettings settings)
      implements Examples<MaskedImage> {
    Masked(Photos photos, SimMimSettings settings) {
      this(
          photos,
          CropView.simmim(settings.encoder().imageSize(), settings.minCropArea()),
          settings);
    }

    @Override
    public int size() {
      return photos.size();
    }

    @Override
    public MaskedImage load(int index, RandomGenerator random) {
      float[] planes = view.draw(photos.get(index), random);
      int size = settings.encoder().imageSize();
      UnitMask mask = UnitMask.draw(size, settings.unit(), settings.maskRatio(), random);
      return new MaskedImage(planes, mask.pixels());
    }
  }

  /** The method itself. N images, T tokens, D the encoder's width, P values a patch. */
  static final class Painter implements Learner<MaskedImage> {
    private static final float TOKEN_DEVIATION = .02f;

    private final Encoder encoder;
    private final NDArray maskToken;
    private final LinearDecoder decoder;

    /**
     * @param manager owns the weights
     */
    Painter(SimMimSettings settings, long seed, NDManager manager) {
      encoder = new Encoder(settings.encoder(), seed, manager);
      decoder = new LinearDecoder(settings.encoder(), seed, manager);
      Engine.getInstance().setRandomSeed((int) seed);
      maskToken =
          manager
              .truncatedNormal(new Shape(1, 1, settings.encoder().embedding()))
              .muli(TOKEN_DEVIATION);
      maskToken.setRequiresGradient(true);
    }

    @Override
    public String name() {
      return "simmim";
    }

    @Override
    public Encoder encoder() {
      return encoder;
    }

    @Override
    public List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(encoder.weights("encoder"));
      weights.addAll(decoder.weights("decoder"));
      weights.add(new Weight("maskToken", maskToken, false, 1, true));
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
      NDArray patches = encoder.patches(step.store(), images.pixels(), training); // [N, T, D]
      NDArray hidden = images.hiddenPatches(encoder.settings().patch()); // whole patches alike
      NDArray masked = hidden.get(":, :, :1"); // [N, T, 1]
      NDArray mixed = // before positions: x · (1 - w) + token · w
          patches.mul(masked.neg().add(1)).add(masked.mul(maskToken));
      NDArray latent = encoder.latentOfPatches(step.store(), mixed, training);
      return decoder.paint(step.store(), encoder.patchTokens(latent), training);
    }
  }
}
