package downstream.eval.classification;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.finetune.Head;
import downstream.eval.parallel.BatchNorm;
import downstream.eval.parallel.BatchNorm.BatchNormSettings;
import java.util.List;
import java.util.Map;

/**
 * Global average pooling of the encoder's last feature level, and the layers that make class logits
 * of it; none for {@code knn}.
 *
 * @param levels that last level alone
 */
record PooledHead(List<FeatureLevel> levels, Block layers) implements Head {
  /** Epsilon of MAE's code, main_linprobe.py. */
  private static final float EPSILON = 1e-6f;

  private static final float MOMENTUM = .9f;
  private static final float INITIAL_DEVIATION = 0.01f;

  static PooledHead create(
      HeadSettings settings, EncoderFile encoder, int classes, NDManager manager) {
    List<FeatureLevel> all = encoder.spec().levels();
    FeatureLevel last = all.get(all.size() - 1);
    SequentialBlock layers = new SequentialBlock();
    if (settings.featureNorm() == FeatureNorm.BATCH) {
      layers.add(new BatchNorm(new BatchNormSettings(EPSILON, MOMENTUM, false)));
    }
    if (!settings.knn()) {
      layers.add(Linear.builder().setUnits(classes).build());
      layers.setInitializer(new NormalInitializer(INITIAL_DEVIATION), Parameter.Type.WEIGHT);
    }
    layers.initialize(manager, DataType.FLOAT32, new Shape(1, last.channels()));
    return new PooledHead(List.of(last), layers);
  }

  @Override
  public Map<String, Block> blocks() {
    return Map.of("head", layers);
  }

  /**
   * The mean over all positions.
   *
   * @param maps the one of the last level, [N, C, h, w]
   * @return [N, C]
   */
  static NDArray pool(NDList maps) {
    NDArray map = maps.singletonOrThrow();
    long batch = map.getShape().get(0);
    return map.reshape(batch, map.getShape().get(1), -1).mean(new int[] {2});
  }

  /**
   * Class logits.
   *
   * @param pooled [N, C]
   * @return [N, classes]
   */
  NDArray logits(ParameterStore store, NDArray pooled, boolean training) {
    return layers.forward(store, new NDList(pooled), training).singletonOrThrow();
  }
}
