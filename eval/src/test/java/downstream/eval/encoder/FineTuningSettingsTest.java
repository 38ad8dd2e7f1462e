package downstream.eval.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.encoder.inspect.EncoderVerification;
import downstream.eval.encoder.train.TrainableEncoder;
import downstream.eval.torch.Precision;
import downstream.eval.train.optimiser.Weight;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FineTuningSettingsTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  private static EncoderFile resNet() {
    return new ResNet(18, 4).build("r", 64, 1, HALF, HALF, Json.MAPPER.createObjectNode());
  }

  private TrainableEncoder block(FineTuningSettings tuning) {
    EncoderFile file = resNet();
    return new TrainableEncoder(file, file.levelValues(), manager, tuning, Precision.FLOAT32);
  }

  private float[] statistic(TrainableEncoder block, String name) {
    return Objects.requireNonNull(Weight.stateOf("e", block).get("e." + name)).toFloatArray();
  }

  private void step(TrainableEncoder block) {
    try (NDManager scope = manager.newSubManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray images = scope.randomNormal(new Shape(4, 3, 64, 64)).add(1);
      NDArray level =
          block.fetch(new ParameterStore(scope, false), Map.of("images", images), "C5", true);
      collector.backward(level.square().sum());
    }
  }

  @Test
  void frozen_statistics_stay_and_batch_statistics_move() {
    TrainableEncoder frozen = block(FineTuningSettings.WHOLE);
    frozen.trained("e", 1);
    step(frozen);
    assertThat(statistic(frozen, "bn1.running_mean")).containsOnly(0f);

    TrainableEncoder moving = block(FineTuningSettings.BATCH_STATISTICS);
    moving.trained("e", 1);
    step(moving);
    assertThat(statistic(moving, "bn1.running_mean")).doesNotContain(0f);
    assertThat(statistic(moving, "bn1.running_var")).doesNotContain(1f);
  }

  @Test
  void moved_statistics_are_exported() {
    TrainableEncoder block = block(FineTuningSettings.BATCH_STATISTICS);
    block.trained("e", 1);
    step(block);
    EncoderFile exported = block.export("r", Json.MAPPER.createObjectNode());
    assertThat(EncoderVerification.compare(exported, 64, 1, downstream.eval.Device.CPU))
        .allMatch(d -> d.agree());
    assertThat(exported.digest()).isNotEqualTo(resNet().digest());
  }

  @Test
  void frozen_stages_have_neither_gradients_nor_moving_statistics() {
    TrainableEncoder block = block(new FineTuningSettings(true, 2, 1));
    List<String> trained = block.trained("e", 1).stream().map(Weight::name).toList();
    assertThat(trained).hasSize(60 - 3 - 12).noneMatch(name -> name.startsWith("e.layer1"));
    step(block);
    assertThat(statistic(block, "bn1.running_mean")).containsOnly(0f);
    assertThat(statistic(block, "layer2.0.bn1.running_mean")).doesNotContain(0f);
  }

  @Test
  void freezing_every_stage_is_refused() {
    assertThatThrownBy(() -> block(new FineTuningSettings(false, 5, 1)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("5 leaves nothing to train: r has 5 stages");
  }

  @Test
  void the_rate_decays_from_the_last_layer_to_the_first() {
    Map<String, Double> rates =
        block(new FineTuningSettings(false, 0, 0.5)).trained("e", 10).stream()
            .collect(Collectors.toMap(Weight::name, Weight::rateScale));
    assertThat(rates.get("e.conv1.weight")).isCloseTo(10 * Math.pow(0.5, 8), within(1e-12));
    assertThat(rates.get("e.layer4.0.conv1.weight")).isEqualTo(5);
    assertThat(rates.get("e.layer4.1.conv1.weight")).isEqualTo(10);
  }

  @Test
  void only_weights_behind_the_values_that_a_head_reads_are_trained() {
    EncoderFile file = resNet();
    TrainableEncoder block =
        new TrainableEncoder(
            file, List.of("C3"), manager, FineTuningSettings.WHOLE, Precision.FLOAT32);
    assertThat(block.trained("e", 1))
        .extracting(Weight::name)
        .noneMatch(name -> name.startsWith("e.layer3"));
  }
}
