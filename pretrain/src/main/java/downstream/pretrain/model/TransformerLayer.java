package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import downstream.eval.train.optimiser.Scalars;
import org.jspecify.annotations.Nullable;

/**
 * One pre-norm transformer block (Dosovitskiy et al. 2021, equations 2 and 3): attention, then an
 * MLP four times as wide with an exact GELU, each added to its input. [N, T, D] to [N, T, D].
 */
final class TransformerLayer extends AbstractBlock {
  private final int width;
  private final int heads;
  private final Block attentionNorm;
  private final Block queryKeyValue;
  private final Block projection;
  private final Block mlpNorm;
  private final Block expand;
  private final Block contract;

  /**
   * @param width D
   * @param heads divides D
   */
  TransformerLayer(int width, int heads) {
    this.width = width;
    this.heads = heads;
    attentionNorm = addChildBlock("norm1", norm());
    queryKeyValue = addChildBlock("qkv", linear(3 * width));
    projection = addChildBlock("projection", linear(width));
    mlpNorm = addChildBlock("norm2", norm());
    expand = addChildBlock("expand", linear(4 * width));
    contract = addChildBlock("contract", linear(width));
  }

  /** Layer normalisation over the last axis of [N, T, D], eps 1e-6. */
  static LayerNorm norm() {
    return LayerNorm.builder().axis(2).optEpsilon(1e-6f).build();
  }

  static Linear linear(int units) {
    return Linear.builder().setUnits(units).build();
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray x = inputs.singletonOrThrow(); // [N, T, D]
    x = x.add(attention(store, apply(attentionNorm, store, x, training), training));
    NDArray hidden = apply(expand, store, apply(mlpNorm, store, x, training), training);
    NDArray mlp = apply(contract, store, Activation.gelu(hidden), training); // 4D wide in between
    return new NDList(x.add(mlp));
  }

  /** softmax(q kᵀ / √(D/h)) v for each head. */
  private NDArray attention(ParameterStore store, NDArray x, boolean training) {
    long images = x.getShape().get(0);
    long tokens = x.getShape().get(1);
    int each = width / heads;
    NDArray qkv =
        apply(queryKeyValue, store, x, training) // [N, T, 3D]
            .reshape(images, tokens, 3, heads, each)
            .transpose(2, 0, 3, 1, 4); // [3, N, h, T, D/h]
    NDArray query = Scalars.times(qkv.get(0), 1 / Math.sqrt(each));
    NDArray weights = query.matMul(qkv.get(1).swapAxes(2, 3)).softmax(-1); // [N, h, T, T]
    NDArray mixed = weights.matMul(qkv.get(2)); // [N, h, T, D/h]
    NDArray joined = mixed.transpose(0, 2, 1, 3).reshape(images, tokens, width);
    return apply(projection, store, joined, training);
  }

  static NDArray apply(Block block, ParameterStore store, NDArray x, boolean training) {
    return block.forward(store, new NDList(x), training).singletonOrThrow();
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    Shape narrow = shapes[0];
    Shape wide = new Shape(narrow.get(0), narrow.get(1), 4L * width);
    for (Block block : new Block[] {attentionNorm, queryKeyValue, projection, mlpNorm, expand}) {
      block.initialize(manager, type, narrow);
    }
    contract.initialize(manager, type, wide);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] shapes) {
    return shapes;
  }
}
