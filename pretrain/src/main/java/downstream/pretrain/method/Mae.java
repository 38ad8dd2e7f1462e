package downstream.pretrain.method;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.data.image.ContactSheet;
import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.masks.RandomMask;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.DecoderFile;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.MaeDecoder;
import downstream.pretrain.model.Patches;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.Reconstructions;
import downstream.pretrain.monitor.Visualisation;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.views.CropView;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * MAE (He et al., "Masked Autoencoders Are Scalable Vision Learners", CVPR 2022, arXiv 2111.06377):
 * three quarters of the tokens are removed, the encoder sees the rest, and a small decoder paints
 * the missing patches.
 */
public final class Mae implements Pretrainer {
  @Override
  public String name() {
    return "mae";
  }

  @Override
  public String summary() {
    return "Masked autoencoder (He et al. 2022): reconstructs patches that the encoder cannot see";
  }

  @Override
  public Map<String, Record> presets() {
    return MaeSettings.PRESETS;
  }

  @Override
  public List<CostEstimate> estimate(PretrainingRequest pretraining) throws IOException {
    return List.of(stage(pretraining).estimate(pretraining));
  }

  @Override
  public void run(PretrainingRequest pretraining) throws IOException {
    stage(pretraining)
        .run(
            this,
            pretraining.resolve(MaeSettings.class),
            pretraining,
            (model, encoder) -> DecoderFile.write(encoder, model.decoderWeights("decoder")));
  }

  public static TrainingStage<float[], Autoencoder> stage(PretrainingRequest pretraining) {
    MaeSettings settings = pretraining.resolve(MaeSettings.class);
    return new TrainingStage<>(
        "mae",
        manager -> new Autoencoder(settings, pretraining.seed(), manager),
        new Crops(new Photos(pretraining.images()), settings),
        settings.training(),
        settings.budget());
  }

  /**
   * Random-resized crop and flip, no more (section 4): [3, S, S], normalised by ImageNet's mean and
   * deviation.
   */
  record Crops(Photos photos, View view) implements Examples<float[]> {
    Crops(Photos photos, MaeSettings settings) {
      this(photos, CropView.mae(settings.encoder().imageSize(), settings.minCropArea()));
    }

    @Override
    public int size() {
      return photos.size();
    }

    @Override
    public float[] load(int index, RandomGenerator random) {
      return view.draw(photos.get(index), random);
    }
  }

  /** The method itself. N images, L tokens, V of them visible, P = patch·patch·3 values a patch. */
  public static final class Autoencoder implements PretrainingModel<float[]> {
    private final MaeSettings settings;
    private final Encoder encoder;
    private final MaeDecoder decoder;
    private final int tokens;
    private final int patchValues;

    /**
     * @param manager owns the weights
     */
    Autoencoder(MaeSettings settings, long seed, NDManager manager) {
      this(settings, seed, new Encoder(settings.encoder(), seed, manager), manager);
    }

    /**
     * @param encoder trained elsewhere too
     */
    Autoencoder(MaeSettings settings, long seed, Encoder encoder, NDManager manager) {
      this.settings = settings;
      this.encoder = encoder;
      tokens = settings.encoder().tokens();
      patchValues = settings.encoder().patchValues();
      int grid = settings.encoder().vit().grid();
      decoder =
          new MaeDecoder(grid, settings.decoder(), patchValues, settings.encoder().classToken());
      Engine.getInstance().setRandomSeed((int) seed);
      int rows = settings.visible() + (settings.encoder().classToken() ? 1 : 0);
      decoder.initialize(
          manager,
          DataType.FLOAT32,
          new Shape(1, rows, settings.encoder().embedding()),
          new Shape(1, tokens));
    }

    @Override
    public String name() {
      return "mae";
    }

    @Override
    public Encoder encoder() {
      return encoder;
    }

    @Override
    public List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(encoder.weights("encoder"));
      weights.addAll(decoderWeights("decoder"));
      return weights;
    }

    List<Weight> decoderWeights(String prefix) {
      return Weight.of(prefix, decoder);
    }

    @Override
    public Map<String, NDArray> state() {
      return encoder.state("encoder");
    }

    /** Patches of all tokens, the encoder's blocks on the visible ones, the decoder on all. */
    @Override
    public long flops() {
      int visible = settings.visible();
      long seen = encoder.flopsOfPatches(tokens) + encoder.flopsOfBlocks(visible);
      return LayerFlops.TRAINED * (seen + decoder.flops(visible, settings.encoder().embedding()));
    }

    @Override
    public Losses losses(List<float[]> batch, Step step) {
      List<RandomMask> masks = new ArrayList<>();
      batch.forEach(
          image -> masks.add(RandomMask.draw(tokens, settings.maskRatio(), step.random())));
      NDArray loss = loss(batch, masks, step);
      return new Losses(loss, Map.of("reconstruction", loss));
    }

    /** The loss of images under given masks. */
    NDArray loss(List<float[]> batch, List<RandomMask> masks, Step step) {
      NDArray pixels = Batches.images(batch, settings.encoder().imageSize(), step.manager());
      NDArray predicted = reconstruct(pixels, masks, step.store(), true); // [N, L, P]
      NDArray patches = Patches.of(pixels, settings.encoder().patchSize());
      NDArray target = settings.normPix() ? Patches.standardised(patches) : patches;
      return loss(predicted, target, removed(masks, step.manager()));
    }

    /**
     * Squared error averaged within each patch, then over the removed patches alone ({@code
     * forward_loss}).
     *
     * @param predicted [N, L, P]
     * @param target [N, L, P]
     * @param removed [N, L], 1 where the encoder did not see the token
     */
    static NDArray loss(NDArray predicted, NDArray target, NDArray removed) {
      NDArray perPatch = predicted.sub(target).square().mean(new int[] {2}); // [N, L]
      return perPatch.mul(removed).sum().div(removed.sum());
    }

    /**
     * Paints all patches of images of which only the unmasked tokens are seen.
     *
     * @param pixels [N, 3, S, S]
     * @return [N, L, P]
     */
    NDArray reconstruct(
        NDArray pixels, List<RandomMask> masks, ParameterStore store, boolean training) {
      NDManager manager = pixels.getManager();
      NDArray all = encoder.placed(store, pixels, training); // [N, L, D]
      NDArray kept = Batches.indices(masks.stream().map(RandomMask::kept).toList(), manager);
      NDArray visible = // [N, V, D]
          all.gather(MaeDecoder.indices(kept, settings.encoder().embedding()), 1);
      NDArray latent = encoder.encode(store, visible, training); // [N, (1 +) V, D]
      NDArray restore = Batches.indices(masks.stream().map(RandomMask::restore).toList(), manager);
      return decoder.forward(store, new NDList(latent, restore), training).singletonOrThrow();
    }

    /**
     * With {@code normPix} a painted patch takes mean and deviation from the true patch, for the
     * network was never asked for them.
     */
    @Override
    public Map<String, Visualisation> drawings(Examples<float[]> examples) {
      List<float[]> shown = PretrainingModel.shown(examples, Reconstructions.COUNT);
      return Map.of("reconstructions", step -> sheet(shown, step));
    }

    private ContactSheet sheet(List<float[]> images, Step step) {
      EncoderSettings vit = settings.encoder();
      List<RandomMask> masks =
          images.stream()
              .map(i -> RandomMask.draw(tokens, settings.maskRatio(), step.random()))
              .toList();
      NDArray pixels = Batches.images(images, vit.imageSize(), step.manager());
      float[] flat = reconstruct(pixels, masks, step.store(), false).toFloatArray();
      List<float[]> painted = Reconstructions.rows(flat, images.size());
      List<float[]> groundTruth =
          images.stream().map(i -> Patches.of(i, vit.imageSize(), vit.patchSize())).toList();
      List<float[]> shown = new ArrayList<>();
      List<float[]> hidden = new ArrayList<>();
      for (int i = 0; i < images.size(); i++) {
        shown.add(
            settings.normPix()
                ? Patches.unstandardised(painted.get(i), groundTruth.get(i), patchValues)
                : painted.get(i));
        int[] removed = masks.get(i).removed();
        float[] values = new float[tokens * patchValues];
        for (int v = 0; v < values.length; v++) {
          values[v] = removed[v / patchValues];
        }
        hidden.add(values);
      }
      return Reconstructions.sheet(groundTruth, hidden, shown, vit);
    }

    private static NDArray removed(List<RandomMask> masks, NDManager manager) {
      return Batches.indices(masks.stream().map(RandomMask::removed).toList(), manager)
          .toType(DataType.FLOAT32, false);
    }
  }
}
