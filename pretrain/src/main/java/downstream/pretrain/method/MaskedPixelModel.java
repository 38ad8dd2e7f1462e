package downstream.pretrain.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.LinearDecoder;
import downstream.pretrain.model.MaskedBatch;
import downstream.pretrain.model.MaskedError;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.ReconstructionSheet;
import downstream.pretrain.monitor.Visualisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The model of SimMIM and PIMask: the encoder sees every token of an image some of whose pixels are
 * masked, and a linear decoder reconstructs those. The methods differ in what the encoder is given
 * in place of a masked pixel. N images, T cells of the encoder's output (the tokens of a ViT), D
 * their width, P values of a cell's pixels.
 */
final class MaskedPixelModel implements PretrainingModel<MaskedImage> {
  private final String name;
  private final Encoder encoder;
  private final LinearDecoder decoder;
  private final MaskedInput maskedInput;

  /**
   * @param manager owns the weights
   */
  MaskedPixelModel(
      String name, Encoder encoder, MaskedInput maskedInput, long seed, NDManager manager) {
    this.name = name;
    this.encoder = encoder;
    this.decoder = new LinearDecoder(encoder.settings(), seed, manager);
    this.maskedInput = maskedInput;
  }

  /** The input of the encoder, in place of masked images. */
  @FunctionalInterface
  interface MaskedInput {
    /** Encodes masked images: [N, (1 +) T, D]. */
    NDArray encode(Encoder encoder, MaskedBatch images, Step step, boolean training);

    /** Tells whether each patch of the target is standardised by itself. */
    default boolean normPix() {
      return false;
    }

    /** Weights besides those of encoder and decoder: a mask token. */
    default List<Weight> weights() {
      return List.of();
    }
  }

  /** Pixels [N, 3, S, S] and mask [N, 1, S, S]. */
  @Override
  public NDList arrays(List<MaskedImage> batch, NDManager manager) {
    MaskedBatch images = MaskedBatch.of(batch, encoder.settings().imageSize(), manager);
    return new NDList(images.pixels(), images.mask());
  }

  @Override
  public Losses losses(List<MaskedImage> batch, Step step) {
    NDList arrays = arrays(batch, step);
    MaskedBatch images = new MaskedBatch(arrays.get(0), arrays.get(1));
    NDArray predicted = reconstruct(images, step, true); // [N, T, P]
    NDArray loss =
        MaskedError.ABSOLUTE.of(
            predicted, images, encoder.settings().cellSize(), maskedInput.normPix());
    return new Losses(loss, Map.of("reconstruction", loss));
  }

  /** [N, T, P]. */
  private NDArray reconstruct(MaskedBatch images, Step step, boolean training) {
    NDArray latent = maskedInput.encode(encoder, images, step, training); // [N, (1 +) T, D]
    return decoder.reconstruct(step.store(), encoder.patchTokens(latent), training);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Encoder encoder() {
    return encoder;
  }

  @Override
  public List<Weight> weights() {
    List<Weight> weights = new ArrayList<>(encoder.weights("encoder"));
    weights.addAll(decoder.weights("decoder"));
    weights.addAll(maskedInput.weights());
    return weights;
  }

  @Override
  public Map<String, NDArray> state() {
    return encoder.state("encoder");
  }

  @Override
  public long flops() {
    return LayerFlops.TRAINED * (encoder.flops(encoder.settings().imageSize()) + decoder.flops());
  }

  @Override
  public Map<String, Visualisation> visualisations(List<MaskedImage> sample) {
    int size = encoder.settings().imageSize();
    return Map.of(
        "reconstructions",
        step ->
            ReconstructionSheet.ofPixels(
                sample,
                reconstruct(MaskedBatch.of(sample, size, step.manager()), step, false),
                maskedInput.normPix(),
                encoder.settings()));
  }
}
