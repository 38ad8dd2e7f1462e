package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.train.TrainableEncoder;
import downstream.eval.parallel.BatchShare;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.SettingsChecks;
import java.util.Map;

/**
 * Stochastic depth (Huang et al. 2016) of a transformer in training: each branch of a block is left
 * out for some images, and worth more for the others, so that its mean stays. The rate rises from 0
 * at the first block to its value at the last. The graph knows nothing of it: its blocks are run
 * branch by branch. N images, T tokens, D their width.
 */
final class DropPath {
  private static final String TOKENS = "tokens";

  private final double rate;
  private final int blocks;
  private final String attention;
  private final String mlp;

  /**
   * @param rate share of the images for which a branch of the last block is left out, in [0, 1)
   */
  DropPath(double rate, EncoderSettings settings) {
    SettingsChecks.dropPath(rate, settings);
    this.rate = rate;
    blocks = settings.vit().depth();
    boolean scaled = settings.blocks().layerScale() > 0;
    attention = scaled ? ".scale1" : ".attention.out";
    mlp = scaled ? ".scale2" : ".mlp.fc2";
  }

  /**
   * The transformer's output; random numbers are the engine's.
   *
   * @param value of the graph that is fed: images, patches or tokens
   * @return [N, T, D]
   */
  NDArray latent(TrainableEncoder encoder, ParameterStore store, String value, NDArray fed) {
    NDArray tokens = value.equals(TOKENS) ? fed : run(encoder, store, value, fed, TOKENS);
    String input = TOKENS;
    for (int i = 0; i < blocks; i++) {
      String block = "blocks." + i;
      double dropped = rate(i);
      if (dropped == 0) {
        tokens = run(encoder, store, input, tokens, block);
      } else {
        NDArray attended = run(encoder, store, input, tokens, block + attention);
        tokens = tokens.add(attended.mul(kept(attended, dropped)));
        NDArray mixed = run(encoder, store, block + ".middle", tokens, block + mlp);
        tokens = tokens.add(mixed.mul(kept(mixed, dropped)));
      }
      input = block;
    }
    return run(encoder, store, input, tokens, "latent");
  }

  /** Share of the images for which a branch of a block is left out. */
  double rate(int block) {
    return blocks == 1 ? 0 : rate * block / (blocks - 1);
  }

  private static NDArray run(
      TrainableEncoder encoder, ParameterStore store, String value, NDArray fed, String fetched) {
    return encoder.fetch(store, Map.of(value, fed), fetched, true);
  }

  /** 0 for an image whose branch is left out, else 1 / (1 - dropped): [N, 1, 1]. */
  private static NDArray kept(NDArray branch, double dropped) {
    NDManager scope = branch.getManager();
    NDArray uniform =
        BatchShare.current()
            .rows(
                (int) branch.getShape().get(0),
                scope,
                count -> scope.randomUniform(0, 1, new Shape(count, 1, 1)));
    return uniform.gte(dropped).toType(branch.getDataType(), false).div(1 - dropped);
  }
}
