package downstream.pretrain.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.LinearDecoder;
import downstream.pretrain.model.MaskedBatch;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.Reconstructions;
import downstream.pretrain.monitor.Visualisation;
import downstream.pretrain.settings.EncoderSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The encoder sees every token of an image some of whose pixels are hidden, and a linear decoder
 * paints those. Methods differ in what it sees of a hidden pixel. N images, P values a patch.
 */
final class MaskedPixelModel implements PretrainingModel<MaskedImage> {
  private final String name;
  private final Encoder encoder;
  private final LinearDecoder decoder;
  private final Sight sight;

  /**
   * @param manager owns the weights
   */
  MaskedPixelModel(
      String name, EncoderSettings settings, Sight sight, long seed, NDManager manager) {
    this.name = name;
    this.encoder = new Encoder(settings, seed, manager);
    this.decoder = new LinearDecoder(settings, seed, manager);
    this.sight = sight;
  }

  /** What the encoder sees of images. */
  @FunctionalInterface
  interface Sight {
    /** All tokens of the images after the encoder. */
    NDArray latent(Encoder encoder, MaskedBatch images, Step step, boolean training);

    /** What it learns besides the encoder's weights. */
    default List<Weight> weights() {
      return List.of();
    }
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
    weights.addAll(sight.weights());
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
  public Map<String, Visualisation> drawings(Examples<MaskedImage> examples) {
    List<MaskedImage> shown = PretrainingModel.shown(examples, Reconstructions.COUNT);
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
    NDArray latent = sight.latent(encoder, images, step, training);
    return decoder.paint(step.store(), encoder.patchTokens(latent), training);
  }
}
