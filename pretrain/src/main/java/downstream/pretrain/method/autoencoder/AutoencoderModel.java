package downstream.pretrain.method.autoencoder;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.CodeDecoder;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.HeadLayers;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.ViewSheet;
import downstream.pretrain.monitor.Visualisation;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.EncoderSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The network of all autoencoders: encoder, one linear layer from the embedding to a narrow code,
 * decoder. A transformer whose tokens each see their own patch could copy them; here all that the
 * decoder knows of an image is one vector. N images, D the encoder's width.
 *
 * @param <E> an example
 */
abstract class AutoencoderModel<E> implements PretrainingModel<E> {
  private final String name;
  private final Encoder encoder;
  private final MlpHead bottleneck;
  private final CodeDecoder decoder;

  /**
   * @param bottleneckWidth output of the bottleneck
   * @param codeWidth what the decoder is given
   * @param manager owns the weights
   */
  AutoencoderModel(
      String name,
      Network network,
      int bottleneckWidth,
      int codeWidth,
      long seed,
      NDManager manager) {
    this.name = name;
    encoder = new Encoder(network.encoder(), seed, manager);
    Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
    bottleneck =
        HeadLayers.from(network.encoder().embeddingWidth(), HeadLayers.Start.PYTORCH)
            .linear(bottleneckWidth)
            .build(manager);
    decoder = new CodeDecoder(network.encoder(), network.decoder(), codeWidth, manager);
  }

  /** The architectures of both sides. */
  record Network(EncoderSettings encoder, DecoderSettings decoder) {}

  /** The examples as captioned rows of a drawing, each [3, S, S]. */
  abstract List<List<float[]>> shown(List<E> sample);

  /** Captions of {@link #shown}; the reconstruction is drawn after them. */
  abstract List<String> captions();

  /** Reconstructs the last image that is {@link #shown}: [N, 3, S, S] to [N, 3, S, S]. */
  NDArray reconstruct(NDArray images, Step step, boolean training) {
    return decode(squeeze(images, step, training), step, training);
  }

  /** The bottleneck's output for images: [N, 3, S, S] to [N, bottleneckWidth]. */
  final NDArray squeeze(NDArray images, Step step, boolean training) {
    NDArray embedding = encoder.embedding(step.store(), images, training); // [N, D]
    return bottleneck.apply(step.store(), embedding);
  }

  /** Codes [N, codeWidth] to images [N, 3, S, S]. */
  final NDArray decode(NDArray codes, Step step, boolean training) {
    return decoder.decode(step.store(), codes, training);
  }

  /** Planes [3, S, S] of each image as [N, 3, S, S]. */
  final NDArray images(List<float[]> planes, NDManager manager) {
    return Batches.images(planes, encoder.settings().imageSize(), manager);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Encoder encoder() {
    return encoder;
  }

  @Override
  public final List<Weight> weights() {
    List<Weight> weights = new ArrayList<>(encoder.weights("encoder"));
    weights.addAll(bottleneck.weights("bottleneck"));
    weights.addAll(decoder.weights("decoder"));
    return weights;
  }

  @Override
  public Map<String, NDArray> state() {
    return encoder.state("encoder");
  }

  @Override
  public final long flops() {
    long encoding = encoder.flops(encoder.settings().imageSize()) + bottleneck.flops();
    return LayerFlops.TRAINED * (encoding + decoder.flops());
  }

  @Override
  public final Map<String, Visualisation> visualisations(List<E> sample) {
    List<List<float[]>> shown = shown(sample);
    List<String> captions = new ArrayList<>(captions());
    captions.add("reconstructed");
    return Map.of(
        "reconstructions",
        step -> {
          List<float[]> inputs = shown.stream().map(row -> row.get(row.size() - 1)).toList();
          NDArray images = reconstruct(images(inputs, step.manager()), step, false);
          List<float[]> reconstructed = Batches.rows(images);
          List<List<float[]>> rows = new ArrayList<>();
          for (int i = 0; i < shown.size(); i++) {
            List<float[]> row = new ArrayList<>(shown.get(i));
            row.add(reconstructed.get(i));
            rows.add(row);
          }
          return ViewSheet.of(rows, captions);
        });
  }
}
