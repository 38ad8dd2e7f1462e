package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.EncoderSettings;
import java.util.List;

/**
 * A decoder of whole images from one vector each, the code: {@link MaeDecoder} without any visible
 * token. Every position holds the mask token, and the code stands in the place of the class token,
 * so that nothing but the code tells images apart. A patch is what a cell of the encoder stands
 * for: its own patches of a transformer, 32 pixels of a ResNet.
 */
public final class CodeDecoder {
  private final int codeWidth;
  private final int patch;
  private final long tokens;
  private final MaeDecoder decoder;

  /**
   * @param codeWidth values of a code
   * @param manager owns the weights
   */
  public CodeDecoder(
      EncoderSettings encoder, DecoderSettings settings, int codeWidth, NDManager manager) {
    this.codeWidth = codeWidth;
    int grid = encoder.grid();
    patch = encoder.imageSize() / grid;
    tokens = (long) grid * grid;
    decoder = new MaeDecoder(grid, settings, 3 * patch * patch, true);
    decoder.initialize(manager, DataType.FLOAT32, new Shape(1, 1, codeWidth), new Shape(1, tokens));
  }

  /** Codes [N, codeWidth] to images [N, 3, S, S]. */
  public NDArray decode(ParameterStore store, NDArray codes, boolean training) {
    NDArray order = codes.getManager().arange(0, (int) tokens, 1, DataType.INT64); // [L]
    Shape shape = new Shape(codes.getShape().get(0), tokens);
    NDList inputs = new NDList(codes.expandDims(1), order.expandDims(0).broadcast(shape));
    NDArray patches = decoder.forward(store, inputs, training).singletonOrThrow(); // [N, L, P]
    return Patches.unpatchify(patches, patch);
  }

  public List<Weight> weights(String prefix) {
    return Weight.of(prefix, decoder);
  }

  /** Floating-point operations of one image, forward. */
  public long flops() {
    return decoder.flops(0, codeWidth);
  }
}
