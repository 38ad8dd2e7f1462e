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
import downstream.pretrain.model.Patches;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.ReconstructionSheet;
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
import java.util.stream.Stream;

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
  public TrainingStage<float[], MaeModel> stages(MaeSettings settings, PretrainingRequest request) {
    return new TrainingStage<>(
            "mae",
            manager -> new MaeModel(settings, request.seed(), manager),
            new Crops(new Photos(request.images()), settings),
            settings.training(),
            settings.budget())
        .withExtraFile(
            (model, encoder) -> DecoderFile.write(encoder, model.decoderWeights("decoder")));
  }

  /** Views: random resized crop and flip, no more (section 4). [3, S, S], normalised. */
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

  /**
   * Encoder and decoder. N images; L patches of an image, V of them visible; D the encoder's width;
   * P = patch·patch·3 values a patch.
   */
  public static final class MaeModel implements PretrainingModel<float[]> {
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

    /** Images: [N, 3, S, S]. */
    @Override
    public NDList arrays(List<float[]> batch, NDManager manager) {
      return new NDList(Batches.images(batch, settings.encoder().imageSize(), manager));
    }

    @Override
    public Losses losses(List<float[]> batch, Step step) {
      NDArray images = arrays(batch, step).singletonOrThrow();
      NDArray loss = loss(images, randomMasks(batch.size(), step), step);
      return new Losses(loss, Map.of("reconstruction", loss));
    }

    /** The loss of images [N, 3, S, S] under given masks. */
    public NDArray loss(NDArray images, List<RandomMask> masks, Step step) {
      NDArray predicted = forward(images, masks, step.store(), true); // [N, L, P]
      NDArray patches = Patches.patchify(images, settings.encoder().patchSize()); // [N, L, P]
      NDArray target = settings.normPix() ? Patches.standardised(patches) : patches;
      NDArray mask = // [N, L]
          Batches.indices(masks.stream().map(RandomMask::mask).toList(), step.manager())
              .toType(DataType.FLOAT32, false);
      return loss(predicted, target, mask);
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
    NDArray forward(
        NDArray images, List<RandomMask> masks, ParameterStore store, boolean training) {
      NDManager manager = images.getManager();
      NDArray idsKeep = // [N, V]
          Batches.indices(masks.stream().map(RandomMask::idsKeep).toList(), manager);
      NDArray idsRestore = // [N, L]
          Batches.indices(masks.stream().map(RandomMask::idsRestore).toList(), manager);
      NDArray all = encoder.positioned(store, images, training); // [N, L, D]
      NDArray visible = // [N, V, D]
          all.gather(MaeDecoder.indices(idsKeep, settings.encoder().embeddingWidth()), 1);
      NDArray latent = encoder.encode(store, visible, training); // [N, (1 +) V, D]
      return decoder.forward(store, new NDList(latent, idsRestore), training).singletonOrThrow();
    }

    private List<RandomMask> randomMasks(int count, Step step) {
      return Stream.generate(() -> RandomMask.draw(patches(), settings.maskRatio(), step.random()))
          .limit(count)
          .toList();
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

    @Override
    public Map<String, Visualisation> visualisations(List<float[]> sample) {
      return Map.of(
          "reconstructions",
          step -> {
            List<RandomMask> masks = randomMasks(sample.size(), step);
            NDArray images = Batches.images(sample, settings.encoder().imageSize(), step.manager());
            return ReconstructionSheet.ofPatches(
                sample,
                masks.stream().map(RandomMask::mask).toList(),
                forward(images, masks, step.store(), false),
                settings.normPix(),
                settings.encoder());
          });
    }
  }
}
