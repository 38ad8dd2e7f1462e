package downstream.eval.classification;

import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.torch.Autocast;
import downstream.eval.train.Gradients;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Pooled features of images, computed once and held in memory: C values an image. */
final class PooledFeatures {
  private static final int BATCH = 64;

  private final EncoderWithHead<PooledHead> model;
  private final IntFunction<float[]> read;
  private final float[][] pooled;

  private PooledFeatures(EncoderWithHead<PooledHead> model, ImageInputs inputs) {
    this.model = model;
    this.read = model.inputs(inputs);
    this.pooled = new float[inputs.size()][];
  }

  /** The features of all inputs, in order. */
  static float[][] of(EncoderWithHead<PooledHead> model, ImageInputs inputs) {
    PooledFeatures features = new PooledFeatures(model, inputs);
    for (int start = 0; start < inputs.size(); start += BATCH) {
      int first = start;
      Gradients.doWithout(() -> features.fill(first));
    }
    return features.pooled;
  }

  private void fill(int first) {
    int count = Math.min(BATCH, pooled.length - first);
    List<float[]> batch = IntStream.range(first, first + count).parallel().mapToObj(read).toList();
    try (Autocast ignored = model.autocast();
        NDManager scope = model.newScope()) {
      ParameterStore store = new ParameterStore(scope, false);
      float[] values = PooledHead.pool(model.features(store, scope, batch, false)).toFloatArray();
      int channels = values.length / count;
      for (int i = 0; i < count; i++) {
        pooled[first + i] = Arrays.copyOfRange(values, i * channels, (i + 1) * channels);
      }
    }
  }
}
