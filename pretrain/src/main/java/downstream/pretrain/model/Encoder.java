package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FineTuningSettings;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.SinCosPositions;
import downstream.eval.encoder.train.TrainableEncoder;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.SettingsChecks;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An encoder in training, and the values of its graph that methods read and replace. N images, T
 * tokens of an image (T' of them given), D the encoder's width.
 */
public final class Encoder {
  private static final String PATCH_EMBEDDING = "patch_embed.";
  private static final String COARSEST = "C5";

  private final EncoderSettings settings;
  private final EncoderFile file;
  private final TrainableEncoder block;
  private final Optional<DropPath> dropPath;

  /**
   * @param file initial weights, of the architecture of these settings
   * @param manager owns the weights
   */
  public Encoder(EncoderSettings settings, EncoderFile file, NDManager manager) {
    this(settings, file, 1, manager);
  }

  /**
   * @param layerDecay learning rate of a layer as a multiple of the next one's, in (0, 1]; see
   *     {@link #weights(String, double)}
   */
  public Encoder(EncoderSettings settings, EncoderFile file, double layerDecay, NDManager manager) {
    this.settings = settings;
    this.file = file;
    dropPath = Optional.empty();
    block = new TrainableEncoder(file, manager, new FineTuningSettings(true, 0, layerDecay));
    if (settings.frozenPatches()) {
      block.getParameters().stream()
          .filter(entry -> entry.getKey().startsWith(PATCH_EMBEDDING))
          .forEach(entry -> entry.getValue().freeze(true));
    }
  }

  /** An encoder with the weights that every method starts from at this seed. */
  public Encoder(EncoderSettings settings, long seed, NDManager manager) {
    this(settings, settings.start("random-init", seed), manager);
  }

  private Encoder(Encoder encoder, DropPath dropPath) {
    settings = encoder.settings;
    file = encoder.file;
    block = encoder.block;
    this.dropPath = Optional.of(dropPath);
  }

  /**
   * The same transformer, with some branches of its blocks left out in training.
   *
   * @param rate share of the images for which a branch of the last block is left out; that of
   *     earlier blocks is smaller
   */
  public Encoder withDropPath(double rate) {
    return rate == 0 ? this : new Encoder(this, new DropPath(rate, settings));
  }

  public EncoderSettings settings() {
    return settings;
  }

  /** The graph and its weights, for the export. */
  public TrainableEncoder block() {
    return block;
  }

  /** Trained arrays by name. */
  public List<Weight> weights(String prefix) {
    return Weight.of(prefix, block);
  }

  /**
   * Trained arrays by name, each at the rate of its layer.
   *
   * @param rateFraction learning rate of the last layer as a fraction of the training's
   */
  public List<Weight> weights(String prefix, double rateFraction) {
    return block.trained(prefix, rateFraction);
  }

  /** Arrays without gradients: batch-norm statistics, a frozen patch embedding. */
  public Map<String, NDArray> state(String prefix) {
    return Weight.stateOf(prefix, block);
  }

  /**
   * The embedding of images: the mean patch token of a ViT, the spatial mean of the last level of
   * other networks.
   *
   * @param images [N, 3, S, S]; S may differ from the encoder's: positions are those of its grid
   * @return [N, D]
   */
  public NDArray embedding(ParameterStore store, NDArray images, boolean training) {
    return settings.isTransformer()
        ? patchTokens(latent(store, images, training)).mean(new int[] {1})
        : lastLevel(store, images, training).mean(new int[] {2});
  }

  /**
   * The cells of images whose mean is the {@link #embedding}, in raster order: patch tokens of a
   * ViT, the last level of other networks.
   *
   * @param images [N, 3, S, S]
   * @return [N, L, D]
   */
  public NDArray cells(ParameterStore store, NDArray images, boolean training) {
    return settings.isTransformer()
        ? patchTokens(latent(store, images, training))
        : lastLevel(store, images, training).swapAxes(1, 2);
  }

  /** [N, D, L]. */
  private NDArray lastLevel(ParameterStore store, NDArray images, boolean training) {
    NDArray map = block.fetch(store, Map.of("images", images), COARSEST, training); // [N, D, h, w]
    return map.reshape(map.getShape().get(0), settings.embeddingWidth(), -1);
  }

  /**
   * The transformer's output for whole images: [N, 3, S, S] to [N, (1 +) T, D]; T are the cells of
   * the last level of a Swin Transformer.
   */
  public NDArray latent(ParameterStore store, NDArray images, boolean training) {
    return images.getShape().get(2) == settings.imageSize()
        ? latent(store, "images", images, training)
        : encode(store, positioned(store, images, training), training);
  }

  /** Patches before positions: [N, 3, S, S] to [N, T, D]. */
  public NDArray patches(ParameterStore store, NDArray images, boolean training) {
    return block.fetch(store, Map.of("images", images), "patches", training);
  }

  /** Patches with their positions: [N, 3, S, S] to [N, T, D]. */
  public NDArray positioned(ParameterStore store, NDArray images, boolean training) {
    long side = images.getShape().get(2);
    NDArray patches = patches(store, images, training);
    return patches.add(positions((int) side / settings.patchSize(), images.getManager()));
  }

  /** The sin-cos table of a grid: [1, grid², D]. */
  private NDArray positions(int grid, NDManager manager) {
    int width = settings.embeddingWidth();
    return manager.create(
        SinCosPositions.table(grid, width), new Shape(1, (long) grid * grid, width));
  }

  /**
   * Runs the blocks on some of an image's patches, after the class token if there is one.
   *
   * @param positioned [N, T', D], as {@link #positioned} gives them
   * @return [N, (1 +) T', D]
   */
  public NDArray encode(ParameterStore store, NDArray positioned, boolean training) {
    SettingsChecks.anyGrid(settings);
    String value = settings.classToken() ? "patches.placed" : "tokens";
    return latent(store, value, positioned, training);
  }

  /** The transformer's output for patches without positions: [N, T, D] to [N, (1 +) T, D]. */
  public NDArray latentOfPatches(ParameterStore store, NDArray patches, boolean training) {
    return latent(store, "patches", patches, training);
  }

  /** The transformer's output for one of its values, in rows. */
  private NDArray latent(ParameterStore store, String value, NDArray fed, boolean training) {
    if (!settings.isVit()) {
      NDArray map = block.fetch(store, Map.of(value, fed), COARSEST, training); // [N, h, w, D]
      return map.reshape(map.getShape().get(0), -1, settings.embeddingWidth());
    }
    return training && dropPath.isPresent()
        ? dropPath.get().latent(block, store, value, fed)
        : block.fetch(store, Map.of(value, fed), VitArchitecture.LATENT, training);
  }

  /**
   * The class token of a transformer's output: [N, 1 + T', D] to [N, D].
   *
   * @throws IllegalStateException if it has none
   */
  public NDArray classToken(NDArray latent) {
    if (!settings.classToken()) {
      throw new IllegalStateException("the encoder has no class token");
    }
    return latent.get(":, 0");
  }

  /** Removes the class token: [N, (1 +) T', D] to [N, T', D]. */
  public NDArray patchTokens(NDArray latent) {
    return settings.classToken() ? latent.get(":, 1:") : latent;
  }

  /**
   * Floating-point operations of a forward pass of one image.
   *
   * @param side of the image in pixels
   */
  public long flops(int side) {
    if (!settings.isVit()) {
      return LayerFlops.graph(file, side);
    }
    long tokens = (long) (side / settings.patchSize()) * (side / settings.patchSize());
    return flopsOfPatches(tokens) + flopsOfBlocks(tokens);
  }

  /** Floating-point operations of embedding so many patches. */
  public long flopsOfPatches(long tokens) {
    if (settings.piConv()) {
      long all = LayerFlops.graph(file, settings.imageSize()) - flopsOfBlocks(settings.tokens());
      return all * tokens / settings.tokens();
    }
    return LayerFlops.product(tokens, settings.patchValues(), settings.embeddingWidth());
  }

  /**
   * Floating-point operations of all blocks.
   *
   * @param tokens patches that the blocks see
   */
  public long flopsOfBlocks(long tokens) {
    long rows = tokens + (settings.classToken() ? 1 : 0);
    return settings.vit().depth() * LayerFlops.block(rows, settings.embeddingWidth());
  }
}
