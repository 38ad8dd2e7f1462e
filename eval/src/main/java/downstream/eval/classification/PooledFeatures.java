package downstream.eval.classification;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.Backbone;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.train.Gradients;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Global average pooling of a backbone's last feature level. */
final class PooledFeatures {
  private static final int BATCH = 64;

  private PooledFeatures() {}

  /**
   * The mean over all positions.
   *
   * @param maps one a level, finest first
   * @return float32 [N, C] of the last level
   */
  static NDArray pool(List<NDArray> maps) {
    NDArray map = maps.get(maps.size() - 1);
    long batch = map.getShape().get(0);
    return map.reshape(batch, map.getShape().get(1), -1).mean(new int[] {2});
  }

  /** C pooled values for each of the inputs, computed once and held in memory. */
  static float[][] of(Backbone backbone, NDManager manager, ImageInputs inputs) {
    IntFunction<float[]> read = backbone.inputs(inputs);
    float[][] pooled = new float[inputs.size()][];
    for (int start = 0; start < inputs.size(); start += BATCH) {
      int first = start;
      int count = Math.min(BATCH, inputs.size() - start);
      Gradients.doWithout(() -> fill(backbone, manager, read, first, count, pooled));
    }
    return pooled;
  }

  private static void fill(
      Backbone backbone,
      NDManager manager,
      IntFunction<float[]> read,
      int first,
      int count,
      float[][] pooled) {
    List<float[]> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batch.add(read.apply(first + i));
    }
    try (NDManager scope = manager.newSubManager()) {
      ParameterStore store = new ParameterStore(scope, false);
      float[] values = pool(backbone.features(store, scope, batch, false)).toFloatArray();
      int channels = values.length / count;
      for (int i = 0; i < count; i++) {
        pooled[first + i] = java.util.Arrays.copyOfRange(values, i * channels, (i + 1) * channels);
      }
    }
  }
}
