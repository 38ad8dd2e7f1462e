package downstream.pretrain;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.data.Image;
import downstream.eval.encoder.EncoderBlock;
import downstream.eval.run.Pretrainer;
import downstream.eval.run.Pretraining;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Plan;
import downstream.eval.train.Step;
import downstream.eval.train.Trained;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.Weight;
import downstream.pretrain.masks.RandomMask;
import downstream.pretrain.views.ImageNet;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.RandomResizedCrop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * MAE (He et al., "Masked Autoencoders Are Scalable Vision Learners", CVPR 2022, arXiv 2111.06377)
 * on a ViT without class token: three quarters of the tokens are removed, the encoder sees the
 * rest, and a small decoder paints the missing patches.
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
  public Record defaults() {
    return MaeSettings.DEFAULTS;
  }

  @Override
  public void run(Pretraining pretraining) throws IOException {
    MaeSettings settings = pretraining.resolve(MaeSettings.DEFAULTS);
    Photos photos = new Photos(pretraining.images());
    Plan plan = settings.plan(photos.size(), pretraining.seed(), pretraining.threads());
    try (NDManager manager = pretraining.device().newManager()) {
      Autoencoder model = new Autoencoder(settings, pretraining.seed(), manager);
      Trained trained =
          TrainingLoop.train(plan, new Crops(photos, settings), model, pretraining.folder());
      Reconstructions.draw(
          model, settings, photos, manager, pretraining.folder().resolve("reconstructions.png"));
      new Export(this, settings, pretraining)
          .write(model.encoder, plan, Flops.mae(settings), trained);
    }
  }

  /**
   * Random-resized crop and flip, no more (section 4): [3, S, S], normalised by {@link ImageNet}.
   */
  record Crops(Photos photos, MaeSettings settings) implements Examples<float[]> {
    @Override
    public int size() {
      return photos.size();
    }

    @Override
    public float[] load(int index, RandomGenerator random) {
      Image crop =
          new RandomResizedCrop(settings.minCropArea(), 1)
              .draw(photos.get(index), settings.imageSize(), random);
      return (random.nextBoolean() ? crop.flip() : crop).planes(ImageNet.MEAN, ImageNet.STD);
    }
  }

  /** The method itself. N images, L tokens, V of them visible, P = patch·patch·3 values a patch. */
  static final class Autoencoder implements Objective<float[]> {
    private final MaeSettings settings;
    private final EncoderBlock encoder;
    private final MaeDecoder decoder;
    private final int tokens;
    private final int patchValues;

    /**
     * @param manager owns the weights
     */
    Autoencoder(MaeSettings settings, long seed, NDManager manager) {
      this.settings = settings;
      encoder = new EncoderBlock(Export.untrained(settings.encoder(), "mae", seed), manager);
      tokens = settings.tokens();
      patchValues = settings.patchValues();
      decoder =
          new MaeDecoder(
              settings.encoder().grid(),
              settings.decoderWidth(),
              settings.decoderDepth(),
              settings.decoderHeads(),
              patchValues);
      Engine.getInstance().setRandomSeed((int) seed);
      decoder.initialize(
          manager,
          DataType.FLOAT32,
          new Shape(1, settings.visible(), settings.width()),
          new Shape(1, tokens));
    }

    @Override
    public String name() {
      return "mae";
    }

    @Override
    public List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(Weight.of("encoder", encoder));
      weights.addAll(Weight.of("decoder", decoder));
      return weights;
    }

    @Override
    public Losses losses(List<float[]> batch, Step step) {
      List<RandomMask> masks = new ArrayList<>();
      batch.forEach(
          image -> masks.add(RandomMask.draw(tokens, settings.maskRatio(), step.random())));
      NDArray predicted = reconstruct(batch, masks, step.store(), step.manager(), true);
      NDArray target = array(targets(batch), step.manager(), tokens, patchValues); // [N, L, P]
      NDArray removed = removed(masks, step.manager());
      NDArray loss = loss(predicted, target, removed);
      return new Losses(loss, Map.of("reconstruction", loss));
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

    /** Paints all patches of images of which only the unmasked tokens are seen: [N, L, P]. */
    NDArray reconstruct(
        List<float[]> images,
        List<RandomMask> masks,
        ParameterStore store,
        NDManager manager,
        boolean training) {
      int size = settings.imageSize();
      NDArray pixels = array(images, manager, 3, size, size); // [N, 3, S, S]
      NDArray all = fetch(store, "images", pixels, "tokens", training); // [N, L, D], with positions
      NDArray kept = indices(masks.stream().map(RandomMask::kept).toList(), manager); // [N, V]
      NDArray visible = all.gather(MaeDecoder.indices(kept, settings.width()), 1); // [N, V, D]
      NDArray latent = fetch(store, "tokens", visible, "latent", training); // [N, V, D]
      NDArray restore = indices(masks.stream().map(RandomMask::restore).toList(), manager);
      return decoder.forward(store, new NDList(latent, restore), training).singletonOrThrow();
    }

    private NDArray fetch(
        ParameterStore store, String input, NDArray value, String output, boolean training) {
      Map<String, NDArray> values =
          encoder.run(store, Map.of(input, value), List.of(output), training);
      return Objects.requireNonNull(values.get(output));
    }

    /** What the decoder should paint, patches in (p, q, c) order, standardised if so set. */
    List<float[]> targets(List<float[]> images) {
      return images.stream()
          .map(image -> Patches.of(image, settings.imageSize(), settings.patch()))
          .map(p -> settings.normPix() ? Patches.standardised(p, patchValues) : p)
          .toList();
    }

    /** Host arrays of one length as one array [N, shape…]. */
    private static NDArray array(List<float[]> rows, NDManager manager, long... shape) {
      float[] flat = new float[rows.size() * rows.get(0).length];
      for (int i = 0; i < rows.size(); i++) {
        System.arraycopy(rows.get(i), 0, flat, i * rows.get(i).length, rows.get(i).length);
      }
      return manager.create(flat, new Shape(rows.size()).addAll(new Shape(shape)));
    }

    private static NDArray indices(List<int[]> rows, NDManager manager) {
      long[] flat = rows.stream().flatMapToInt(java.util.Arrays::stream).asLongStream().toArray();
      return manager.create(flat, new Shape(rows.size(), rows.get(0).length));
    }

    private static NDArray removed(List<RandomMask> masks, NDManager manager) {
      return indices(masks.stream().map(RandomMask::removed).toList(), manager)
          .toType(DataType.FLOAT32, false);
    }
  }
}
