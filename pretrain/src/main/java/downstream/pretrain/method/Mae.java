package downstream.pretrain.method;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.EngineSeed;
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
import downstream.pretrain.model.MaskedImage.Planes;
import downstream.pretrain.model.Patches;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.ReconstructionSheet;
import downstream.pretrain.model.TokenMasks;
import downstream.pretrain.monitor.Visualisation;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.CropView;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * MAE (He et al., "Masked Autoencoders Are Scalable Vision Learners", CVPR 2022, arXiv 2111.06377):
 * three quarters of the patches are removed, the encoder sees the rest, and a small decoder
 * reconstructs the removed ones. Names follow {@code models_mae.py}.
 */
public final class Mae extends PretrainingMethod<MaeSettings> {
  public Mae() {
    super(
        "mae",
        "Masked autoencoder (He et al. 2022): reconstructs patches that the encoder cannot see",
        MaeSettings.class,
        MaeSettings.PRESETS);
  }

  @Override
  public TrainingStage<Example, MaeModel> stages(MaeSettings settings, PretrainingRequest request) {
    return new TrainingStage<>(
            "mae",
            manager -> new MaeModel(settings, request.seed(), manager),
            new Crops(new Photos(request.images()), settings),
            settings.training(),
            settings.budget())
        .withExtraFile(
            (model, encoder) -> DecoderFile.write(encoder, model.decoderWeights("decoder")));
  }

  /**
   * A view of an image, in host memory, and the tokens of it that are removed.
   *
   * @param view [3, S, S], normalised
   */
  public record Example(Planes view, RandomMask mask) {}

  /** Views: random resized crop and flip, no more (section 4); and a random mask of each. */
  record Crops(Photos photos, View view, MaeSettings settings) implements Examples<Example> {
    Crops(Photos photos, MaeSettings settings) {
      this(photos, CropView.mae(settings.encoder().imageSize(), settings.minCropArea()), settings);
    }

    @Override
    public int size() {
      return photos.size();
    }

    @Override
    public Example load(int index, RandomGenerator random) {
      Planes planes = new Planes(view.draw(photos.get(index), random));
      int tokens = settings.encoder().tokens();
      return new Example(planes, RandomMask.draw(tokens, settings.maskRatio(), random));
    }
  }

  /**
   * Encoder and decoder. N images; L patches of an image, V of them visible; D the encoder's width;
   * P = patch·patch·3 values a patch.
   */
  public static final class MaeModel implements PretrainingModel<Example> {
    private final MaeSettings settings;
    private final Encoder encoder;
    private final MaeDecoder decoder;

    /**
     * @param manager owns the weights
     */
    public MaeModel(MaeSettings settings, long seed, NDManager manager) {
      this(settings, seed, new Encoder(settings.encoder(), seed, manager), manager);
    }

    /**
     * @param encoder shared with the caller
     */
    public MaeModel(MaeSettings settings, long seed, Encoder encoder, NDManager manager) {
      this.settings = settings;
      this.encoder = encoder;
      int grid = settings.encoder().vit().grid();
      boolean classToken = settings.encoder().classToken();
      decoder =
          new MaeDecoder(grid, settings.decoder(), settings.encoder().patchValues(), classToken);
      Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
      int tokens = settings.visible() + (classToken ? 1 : 0);
      decoder.initialize(
          manager,
          DataType.FLOAT32,
          new Shape(1, tokens, settings.encoder().embeddingWidth()),
          new Shape(1, patches()));
    }

    /** L. */
    private int patches() {
      return settings.encoder().tokens();
    }

    /** Images [N, 3, S, S], then the arrays of {@link TokenMasks}. */
    @Override
    public NDList arrays(List<Example> batch, NDManager manager) {
      List<float[]> views = batch.stream().map(example -> example.view().values()).toList();
      NDList arrays = new NDList(Batches.images(views, settings.encoder().imageSize(), manager));
      arrays.addAll(masks(batch, manager).toList());
      return arrays;
    }

    private static TokenMasks masks(List<Example> batch, NDManager manager) {
      return TokenMasks.of(batch.stream().map(Example::mask).toList(), manager);
    }

    @Override
    public Losses losses(List<Example> batch, Step step) {
      NDArray loss = loss(arrays(batch, step), step.store());
      return new Losses(loss, Map.of("reconstruction", loss));
    }

    /** The loss of a batch's {@link #arrays}. */
    public NDArray loss(NDList arrays, ParameterStore store) {
      NDArray images = arrays.get(0);
      TokenMasks masks = TokenMasks.of(arrays, 1);
      NDArray predicted = forward(images, masks, store, true); // [N, L, P]
      return loss(predicted, target(images), masks.removed());
    }

    /** The patches that are reconstructed: [N, 3, S, S] to [N, L, P]. */
    public NDArray target(NDArray images) {
      NDArray patches = Patches.patchify(images, settings.encoder().patchSize());
      return settings.normPix() ? Patches.standardised(patches) : patches;
    }

    /**
     * Squared error averaged within each patch, then over the removed patches alone ({@code
     * forward_loss}).
     *
     * @param predicted [N, L, P]
     * @param target [N, L, P]
     * @param mask [N, L], 1 where the patch was removed
     */
    static NDArray loss(NDArray predicted, NDArray target, NDArray mask) {
      NDArray perPatch = predicted.sub(target).square().mean(new int[] {2}); // [N, L]
      return perPatch.mul(mask).sum().div(mask.sum());
    }

    /**
     * Reconstructs all patches of images from the visible ones ({@code forward_encoder}, {@code
     * forward_decoder}).
     *
     * @param images [N, 3, S, S]
     * @return [N, L, P]
     */
    NDArray forward(NDArray images, TokenMasks masks, ParameterStore store, boolean training) {
      NDArray all = encoder.positioned(store, images, training); // [N, L, D]
      NDArray visible = // [N, V, D]
          all.gather(MaeDecoder.indices(masks.idsKeep(), settings.encoder().embeddingWidth()), 1);
      NDArray latent = encoder.encode(store, visible, training); // [N, (1 +) V, D]
      return decode(latent, masks.idsRestore(), store, training);
    }

    /**
     * Reconstructs the patches of images whose tokens the encoder has all seen.
     *
     * @param latent [N, (1 +) L, D]
     * @return [N, L, P]
     */
    public NDArray reconstructAll(NDArray latent, ParameterStore store, boolean training) {
      NDArray order = latent.getManager().arange(0, patches(), 1, DataType.INT64); // [L]
      Shape shape = new Shape(latent.getShape().get(0), patches());
      return decode(latent, order.expandDims(0).broadcast(shape), store, training);
    }

    private NDArray decode(
        NDArray latent, NDArray idsRestore, ParameterStore store, boolean training) {
      return decoder.forward(store, new NDList(latent, idsRestore), training).singletonOrThrow();
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

    public List<Weight> decoderWeights(String prefix) {
      return Weight.of(prefix, decoder);
    }

    @Override
    public Map<String, NDArray> state() {
      return encoder.state("encoder");
    }

    /** All patches are embedded, the blocks see the visible ones, the decoder all. */
    @Override
    public long flops() {
      int visible = settings.visible();
      long encoding = encoder.flopsOfPatches(patches()) + encoder.flopsOfBlocks(visible);
      long decoding = decoder.flops(visible, settings.encoder().embeddingWidth());
      return LayerFlops.TRAINED * (encoding + decoding);
    }

    /** Floating-point operations of {@link #reconstructAll} of one image, forward. */
    public long flopsOfReconstructingAll() {
      return decoder.flops(patches(), settings.encoder().embeddingWidth());
    }

    @Override
    public Map<String, Visualisation> visualisations(List<Example> sample) {
      return Map.of(
          "reconstructions",
          step -> {
            List<float[]> views = sample.stream().map(e -> e.view().values()).toList();
            NDArray images = Batches.images(views, settings.encoder().imageSize(), step.manager());
            return ReconstructionSheet.ofPatches(
                views,
                sample.stream().map(e -> e.mask().mask()).toList(),
                forward(images, masks(sample, step.manager()), step.store(), false),
                settings.normPix(),
                settings.encoder());
          });
    }
  }
}
