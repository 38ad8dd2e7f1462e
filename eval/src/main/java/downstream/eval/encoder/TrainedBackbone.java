package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A backbone whose weights are trained. */
final class TrainedBackbone implements Backbone {
  private final EncoderBlock block;

  TrainedBackbone(EncoderBlock block) {
    this.block = block;
  }

  @Override
  public EncoderSpec spec() {
    return block.spec();
  }

  @Override
  public Optional<Block> block() {
    return Optional.of(block);
  }

  @Override
  public List<NDArray> features(ParameterStore store, NDArray images, boolean training) {
    List<String> names = levels().stream().map(FeatureLevel::value).toList();
    Map<String, NDArray> values = block.run(store, Map.of(spec().input(), images), names, training);
    List<NDArray> maps = new ArrayList<>();
    for (FeatureLevel level : levels()) {
      NDArray value = Objects.requireNonNull(values.get(level.value()));
      maps.add(level.toMap(value, spec().imageSize()));
    }
    return maps;
  }

  @Override
  public void close() {
    // The weights belong to the manager that they were opened with.
  }
}
