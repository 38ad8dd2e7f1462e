package downstream.pretrain.method.autoencoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.parallel.BatchShare;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.pretrain.model.Batches;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.View;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The denoising autoencoder (Vincent et al., "Extracting and Composing Robust Features with
 * Denoising Autoencoders", ICML 2008; "Stacked Denoising Autoencoders", JMLR 2010): {@link Ae} that
 * sees a corrupted image and reconstructs the clean one. The authors train layer by layer; here
 * everything is trained end to end.
 */
public final class Dae extends PretrainingMethod<DaeSettings> {
  public Dae() {
    super(
        "dae",
        "Denoising autoencoder (Vincent et al. 2008): reconstructs an image from a corrupted one",
        DaeSettings.class,
        DaeSettings.PRESETS);
  }

  @Override
  public TrainingStage<CorruptedImage, DaeModel> stages(
      DaeSettings settings, PretrainingRequest request) {
    return new TrainingStage<>(
        "dae",
        manager -> new DaeModel(settings, request.seed(), manager),
        new CorruptedCrops(
            new Photos(request.images()), settings.autoencoder().view(), settings.corruption()),
        settings.training(),
        settings.budget());
  }

  /** A view of each photo, and the same corrupted. */
  record CorruptedCrops(Photos photos, View view, Corruption corruption)
      implements Examples<CorruptedImage> {
    @Override
    public int size() {
      return photos.size();
    }

    @Override
    public CorruptedImage load(int index, RandomGenerator random) {
      return corruption.apply(view.draw(photos.get(index), random), view.size(), random);
    }
  }

  /** Encoder, bottleneck and decoder. */
  static final class DaeModel extends AutoencoderModel<CorruptedImage> {
    private final DaeSettings settings;

    /**
     * @param manager owns the weights
     */
    DaeModel(DaeSettings settings, long seed, NDManager manager) {
      super(
          "dae",
          new Network(settings.encoder(), settings.decoder()),
          settings.autoencoder().code(),
          settings.autoencoder().code(),
          seed,
          manager);
      this.settings = settings;
    }

    /** Clean and corrupted images [N, 3, S, S], mask [N, 1, S, S]. */
    @Override
    public NDList arrays(List<CorruptedImage> batch, NDManager manager) {
      int size = settings.encoder().imageSize();
      return new NDList(
          images(batch.stream().map(image -> image.clean().values()).toList(), manager),
          images(batch.stream().map(image -> image.seen().values()).toList(), manager),
          Batches.array(
              batch.stream().map(image -> image.mask().values()).toList(), manager, 1, size, size));
    }

    @Override
    public Losses losses(List<CorruptedImage> batch, Step step) {
      NDList arrays = arrays(batch, step);
      NDArray clean = arrays.get(0);
      NDArray predicted = reconstruct(arrays.get(1), step, true); // [N, 3, S, S]
      NDArray loss = loss(predicted, clean, arrays.get(2), settings.emphasis());
      return new Losses(loss, Map.of("reconstruction", loss));
    }

    /**
     * The weighted mean squared error of all pixels: corrupted ones weigh α, others 1 − α (section
     * 4.1.2). The authors take the sum; by the mean, α = ½ is the plain squared error, and α = 1
     * that of the corrupted pixels alone.
     *
     * @param predicted [N, 3, S, S]
     * @param clean [N, 3, S, S]
     * @param mask [N, 1, S, S]
     * @param emphasis α
     */
    static NDArray loss(NDArray predicted, NDArray clean, NDArray mask, double emphasis) {
      NDArray weights = mask.mul(2 * emphasis - 1).add(1 - emphasis); // constants
      NDArray errors = predicted.sub(clean).square().mean(new int[] {1}, true); // [N, 1, S, S]
      return errors.mul(weights).sum().div(BatchShare.current().divisor(weights.sum(), 0));
    }

    @Override
    List<List<float[]>> shown(List<CorruptedImage> sample) {
      return sample.stream()
          .map(image -> List.of(image.clean().values(), image.seen().values()))
          .toList();
    }

    @Override
    List<String> captions() {
      return List.of("clean", "corrupted");
    }
  }
}
