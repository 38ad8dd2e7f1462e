package downstream.eval.encoder.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.Backbone;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.FineTuningSettings;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.torch.Precision;
import downstream.eval.train.optimiser.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;

/** A backbone whose weights are trained. */
public final class TrainedBackbone implements Backbone {
  private static final String NAME = "encoder";

  private final TrainableEncoder block;
  private final List<FeatureLevel> levels;

  public static TrainedBackbone open(
      EncoderFile file, List<FeatureLevel> levels, FineTuningSettings tuning, NDManager manager) {
    List<String> values = levels.stream().map(FeatureLevel::value).toList();
    return new TrainedBackbone(
        new TrainableEncoder(file, values, manager, tuning, Precision.FLOAT32), levels);
  }

  private TrainedBackbone(TrainableEncoder block, List<FeatureLevel> levels) {
    this.block = block;
    this.levels = List.copyOf(levels);
  }

  @Override
  public EncoderSpec spec() {
    return block.spec();
  }

  @Override
  public List<Weight> weights(double rateScale) {
    return block.trained(NAME, rateScale);
  }

  @Override
  public Map<String, NDArray> state() {
    return Weight.stateOf(NAME, block);
  }

  @Override
  public IntFunction<float[]> inputs(ImageInputs views) {
    return views::pixels;
  }

  @Override
  public List<NDArray> features(ParameterStore store, NDList arrays, boolean training) {
    NDArray images = arrays.singletonOrThrow(); // [N, 3, S, S]
    List<String> names = levels.stream().map(FeatureLevel::value).toList();
    Map<String, NDArray> values = block.run(store, Map.of(spec().input(), images), names, training);
    List<NDArray> maps = new ArrayList<>();
    for (FeatureLevel level : levels) {
      NDArray value = Objects.requireNonNull(values.get(level.value()));
      maps.add(level.toMap(value, spec().imageSize()));
    }
    return maps;
  }

  /** Images: [N, 3, S, S]. */
  @Override
  public NDList arrays(NDManager manager, List<float[]> inputs) {
    int side = spec().imageSize();
    int each = 3 * side * side;
    float[] all = new float[inputs.size() * each];
    for (int i = 0; i < inputs.size(); i++) {
      System.arraycopy(inputs.get(i), 0, all, i * each, each);
    }
    return new NDList(manager.create(all, new Shape(inputs.size(), 3, side, side)));
  }

  @Override
  public void close() {
    // The weights belong to the manager that they were opened with.
  }
}
