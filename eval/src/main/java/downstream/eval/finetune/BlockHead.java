package downstream.eval.finetune;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.FeatureLevel;
import java.util.List;
import java.util.Map;

/**
 * A head that is one block of layers.
 *
 * @param levels the encoder's feature levels that it reads, finest first
 * @param block initialised layers, from one map [N, C, S/stride, S/stride] a level to the head's
 *     outputs
 */
public record BlockHead(List<FeatureLevel> levels, Block block) implements Head {
  public BlockHead {
    levels = List.copyOf(levels);
  }

  /**
   * Initialises a block for these levels, its weights drawn from the engine's generator.
   *
   * @param imageSize side S of the encoder's input, pixels
   * @param manager owns the weights
   */
  public static BlockHead create(
      List<FeatureLevel> levels, Block block, int imageSize, NDManager manager) {
    Shape[] shapes =
        levels.stream()
            .map(l -> new Shape(1, l.channels(), imageSize / l.stride(), imageSize / l.stride()))
            .toArray(Shape[]::new);
    block.initialize(manager, DataType.FLOAT32, shapes);
    return new BlockHead(levels, block);
  }

  @Override
  public Map<String, Block> blocks() {
    return Map.of("head", block);
  }

  /** The outputs of the block for a batch of maps, one a level. */
  public NDList forward(ParameterStore store, NDList maps, boolean training) {
    return block.forward(store, maps, training);
  }
}
