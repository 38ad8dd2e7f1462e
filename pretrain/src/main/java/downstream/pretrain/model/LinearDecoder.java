package downstream.pretrain.model;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;
import downstream.eval.parallel.BatchShare;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.settings.EncoderSettings;
import java.util.List;

/**
 * SimMIM's decoder (Xie et al. 2022, section 3.3), and RingMo's: one linear layer from a cell of
 * the encoder's output to the cell's pixels, which is a 1×1 convolution and a pixel shuffle.
 */
public final class LinearDecoder {
  private static final double EPSILON = 1e-5;

  private final Block linear;
  private final EncoderSettings encoder;

  /**
   * @param manager owns the weights
   */
  public LinearDecoder(EncoderSettings encoder, long seed, NDManager manager) {
    this.encoder = encoder;
    linear = TransformerLayer.linear(encoder.cellValues());
    linear.setInitializer( // what PyTorch gives a convolution: uniform in ±1 / √in
        new XavierInitializer(RandomType.UNIFORM, FactorType.IN, 1), Parameter.Type.WEIGHT);
    Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
    linear.initialize(
        manager, DataType.FLOAT32, new Shape(1, encoder.cells(), encoder.embeddingWidth()));
  }

  /** Patch tokens [N, T, D] to patches [N, T, P], values in (p, q, c) order. */
  public NDArray reconstruct(ParameterStore store, NDArray tokens, boolean training) {
    return TransformerLayer.apply(linear, store, tokens, training);
  }

  /**
   * The mean absolute error over the masked values alone: Σ|x − x'|·mask / (Σ mask + 3e-5), which
   * is SimMIM's sum / (masked pixels + 1e-5) / 3.
   *
   * @param predicted [N, T, P]
   * @param target [N, T, P]
   * @param mask [N, T, P], 1 where a value was masked
   */
  static NDArray loss(NDArray predicted, NDArray target, NDArray mask) {
    NDArray masked = BatchShare.current().divisor(mask.sum(), 0);
    return predicted.sub(target).abs().mul(mask).sum().div(masked.add((float) (3 * EPSILON)));
  }

  public List<Weight> weights(String prefix) {
    return Weight.of(prefix, linear);
  }

  /** Floating-point operations of one image, forward. */
  public long flops() {
    return LayerFlops.product(encoder.cells(), encoder.embeddingWidth(), encoder.cellValues());
  }
}
