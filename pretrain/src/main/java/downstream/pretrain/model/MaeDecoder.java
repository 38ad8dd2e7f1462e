package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;
import ai.djl.util.PairList;
import downstream.eval.encoder.build.SinCosPositions;
import downstream.pretrain.settings.DecoderSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * MAE's decoder (He et al. 2022, section 3, {@code models_mae.py} {@code forward_decoder}): sees
 * the latents of the visible tokens, and one shared mask token wherever a token was removed.
 *
 * <p>Inputs: latents [N, (1 +) V, E] and {@code restore} int64 [N, L]; output: [N, L, values a
 * patch].
 */
public final class MaeDecoder extends AbstractBlock {
  private final int grid;
  private final int width;
  private final int patchValues;
  private final boolean classToken;
  private final Block embed;
  private final Parameter maskToken;
  private final List<Block> layers = new ArrayList<>();
  private final Block norm;
  private final Block predict;

  /**
   * @param grid tokens a side: L = grid²
   * @param patchValues patch·patch·3
   * @param classToken whether the first latent of an image is that of a class token, which takes
   *     part but predicts nothing; its position is all zeros
   */
  public MaeDecoder(int grid, DecoderSettings settings, int patchValues, boolean classToken) {
    this.grid = grid;
    this.patchValues = patchValues;
    this.classToken = classToken;
    width = settings.width();
    embed = addChildBlock("embed", TransformerLayer.linear(width));
    maskToken =
        addParameter(
            Parameter.builder()
                .setName("maskToken")
                .setType(Parameter.Type.OTHER)
                .optShape(new Shape(1, 1, width))
                .optInitializer(new NormalInitializer(0.02f))
                .build());
    for (int i = 0; i < settings.depth(); i++) {
      layers.add(
          addChildBlock("layer" + i, new TransformerLayer(width, settings.attentionHeads())));
    }
    norm = addChildBlock("norm", TransformerLayer.norm());
    predict = addChildBlock("predict", TransformerLayer.linear(patchValues));
    // PyTorch's xavier_uniform: ±√(6 / (in + out)); biases stay 0, norms 1 and 0
    setInitializer(
        new XavierInitializer(RandomType.UNIFORM, FactorType.AVG, 3), Parameter.Type.WEIGHT);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray latents = inputs.get(0); // [N, (1 +) V, E]
    NDArray restore = inputs.get(1); // [N, L]
    int first = classToken ? 1 : 0;
    long removed = (long) grid * grid + first - latents.getShape().get(1);
    NDArray embedded = TransformerLayer.apply(embed, store, latents, training);
    NDArray visible = classToken ? embedded.get(":, 1:") : embedded; // [N, V, D]
    NDArray x = // [N, L, D]
        removed == 0 ? visible : visible.concat(maskTokens(store, latents, removed, training), 1);
    x = x.gather(indices(restore, width), 1); // in raster order
    x = x.add(positions(latents.getManager()));
    x = classToken ? embedded.get(":, :1").concat(x, 1) : x; // [N, (1 +) L, D]
    for (Block layer : layers) {
      x = TransformerLayer.apply(layer, store, x, training);
    }
    x = TransformerLayer.apply(norm, store, x, training);
    x = TransformerLayer.apply(predict, store, x, training); // [N, (1 +) L, p·p·3]
    return new NDList(classToken ? x.get(":, 1:") : x);
  }

  /** The mask token in place of each removed one: [N, L - V, D]. */
  private NDArray maskTokens(
      ParameterStore store, NDArray latents, long removed, boolean training) {
    NDArray token = store.getValue(maskToken, latents.getDevice(), training);
    Shape shape = new Shape(latents.getShape().get(0), removed, width);
    // added to zeros of this step: a broadcast view would live as long as the token
    return latents.getManager().zeros(shape).add(token);
  }

  private NDArray positions(NDManager manager) {
    return manager.create(
        SinCosPositions.table(grid, width), new Shape(1, (long) grid * grid, width));
  }

  /** Token indices [N, K] as DJL's gather wants them to pick whole tokens: [N, K, D]. */
  public static NDArray indices(NDArray tokens, long width) {
    Shape shape = tokens.getShape();
    return tokens.expandDims(2).broadcast(new Shape(shape.get(0), shape.get(1), width));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    Shape all = new Shape(shapes[0].get(0), (long) grid * grid, width);
    embed.initialize(manager, type, shapes[0]);
    for (Block layer : layers) {
      layer.initialize(manager, type, all);
    }
    norm.initialize(manager, type, all);
    predict.initialize(manager, type, all);
  }

  /**
   * Floating-point operations of one image, forward.
   *
   * @param visible V
   * @param encoderWidth E
   */
  public long flops(int visible, int encoderWidth) {
    int first = classToken ? 1 : 0;
    long tokens = (long) grid * grid + first;
    return LayerFlops.product(visible + first, encoderWidth, width)
        + layers.size() * LayerFlops.block(tokens, width)
        + LayerFlops.product(tokens, width, patchValues);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] shapes) {
    return new Shape[] {new Shape(shapes[0].get(0), (long) grid * grid, patchValues)};
  }
}
