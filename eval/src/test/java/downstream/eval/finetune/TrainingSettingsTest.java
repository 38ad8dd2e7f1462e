package downstream.eval.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingSettingsTest {
  /** The groups that every task shares, resolved as a task does it. */
  private record Shared(
      Optional<DataSettings> data,
      Optional<EncoderTuning> encoder,
      Optional<OptimiserSettings> optimiser,
      Optional<ScheduleSettings> schedule,
      Optional<AugmentationSettings> augmentation) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data | labelFraction: 0 | data.labelFraction must be in (0, 1], found '0.0'",
        "data | imageSize: 8 | data.imageSize must be ≥ 16, found '8'",
        "data | batch: 0 | data.batch must be ≥ 1, found '0'",
        "encoder | mode: thaw | key 'encoder.mode': expected one of finetune, frozen, found 'thaw'",
        "encoder | layerDecay: 1.1 | encoder.layerDecay must be in (0, 1], found '1.1'",
        "encoder | frozenStages: -1 | encoder.frozenStages must be ≥ 0, found '-1'",
        "encoder | 'mode: frozen, layerDecay: 0.5' | frozen, 0 and 1 in mode frozen",
        "encoder | 'mode: frozen, batchNorm: batch' | frozen, 0 and 1 in mode frozen",
        "optimiser | learningRate: 0 | optimiser.learningRate must be > 0, found '0.0'",
        "optimiser | learningRate: -1 | optimiser.learningRate must be > 0, found '-1.0'",
        "optimiser | momentum: 1 | optimiser.momentum must be in [0, 1), found '1.0'",
        "optimiser | type: adam | key 'optimiser.type': expected one of adamw, sgd, found 'adam'",
        "optimiser | learningrate: 1 | unknown key 'learningrate'. Did you mean 'learningRate'?",
        "schedule | steps: 0 | schedule.steps must be ≥ 1, found '0'",
        "schedule | warmup: 1 | schedule.warmup must be in [0, 1), found '1.0'",
        "schedule | type: drops | expected one of cosine, step, polynomial, constant",
        "schedule | power: 2 | schedule.power must be > 0 for type polynomial, and 0 for the",
        "schedule | type: step | schedule.milestones must be ascending fractions in (0, 1)",
        "schedule | milestones: [0.5] | schedule.milestones must be ascending fractions in (0, 1)",
        "schedule | 'type: step, milestones: [0.9, 0.5]' | must be ascending fractions in (0, 1)",
        "schedule | 'type: constant, minRateFraction: 0.1' | must be 0 for types step and constant",
        "augmentation | minResizeScale: 0 | augmentation.minResizeScale must be > 0, found '0.0'",
      })
  void refuses_values_and_names_field_value_and_what_it_must_be(
      String group, String fields, String message) {
    assertThatThrownBy(() -> shared("{" + group + ": {" + fields + "}}"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(message);
  }

  private static Shared shared(String yaml) {
    return Json.as("test", Json.parseYaml("test", yaml), Shared.class);
  }

  private static <T> T group(String yaml, Class<T> type) {
    return Json.as("test", Json.parseYaml("test", "{" + yaml + "}"), type);
  }

  @Test
  void batch_norm_is_frozen_for_small_batches_and_frozen_encoders() {
    EncoderTuning tuning = group("", EncoderTuning.class);
    assertThat(tuning.forBatch(15).fineTuning().batchStatistics()).isFalse();
    assertThat(tuning.forBatch(16).fineTuning().batchStatistics()).isTrue();
    assertThat(group("mode: frozen", EncoderTuning.class).forBatch(16).batchNorm())
        .contains(BatchNormMode.FROZEN);
    assertThat(group("batchNorm: batch", EncoderTuning.class).forBatch(2).batchNorm())
        .contains(BatchNormMode.BATCH);
  }

  @Test
  void a_frozen_encoder_sees_whole_images_only() {
    AugmentationSettings absent = group("", AugmentationSettings.class);
    AugmentationSettings frozen = absent.forMode(EncoderMode.FROZEN, 0.75, 1.33);
    assertThat(frozen.minResizeScale()).contains(1.0);
    assertThat(frozen.maxResizeScale()).contains(1.0);
    assertThat(absent.forMode(EncoderMode.FINETUNE, 0.75, 1.33).maxResizeScale()).contains(1.33);
    assertThatThrownBy(
            () ->
                group("minResizeScale: 0.75", AugmentationSettings.class)
                    .forMode(EncoderMode.FROZEN, 0.75, 1.33))
        .hasMessageContaining(
            "augmentation.minResizeScale and maxResizeScale must be 1 in mode frozen");
    assertThatThrownBy(
            () ->
                group("photometric: true", AugmentationSettings.class)
                    .forMode(EncoderMode.FROZEN, 0.75, 1.33))
        .hasMessageContaining("augmentation.photometric must be false in mode frozen");
    assertThatThrownBy(
            () ->
                group("minResizeScale: 2", AugmentationSettings.class)
                    .forMode(EncoderMode.FINETUNE, 0.75, 1.33))
        .hasMessageContaining("augmentation.maxResizeScale must be ≥ augmentation.minResizeScale");
  }

  @Test
  void scales_are_drawn_between_their_bounds_one_draw_each() {
    AugmentationSettings uniform =
        group("minResizeScale: 0.5, maxResizeScale: 2", AugmentationSettings.class);
    AugmentationSettings logarithmic =
        group(
            "minResizeScale: 0.5, maxResizeScale: 2, resizeScaleDistribution: log-uniform",
            AugmentationSettings.class);
    int below = 0;
    for (int i = 0; i < 200; i++) {
      double draw = new SplittableRandom(i).nextDouble();
      assertThat(uniform.scale(new SplittableRandom(i))).isCloseTo(0.5 + 1.5 * draw, within(1e-12));
      double scale = logarithmic.scale(new SplittableRandom(i));
      assertThat(scale).isBetween(0.5, 2.0);
      below += scale < 1 ? 1 : 0;
    }
    assertThat(below).isBetween(80, 120);
  }

  @Test
  void schedules_fall_as_they_say() {
    assertThat(rate("type: constant, warmup: 0", 99)).isEqualTo(1);
    assertThat(rate("type: step, milestones: [0.5], warmup: 0", 49)).isEqualTo(1);
    assertThat(rate("type: step, milestones: [0.5], warmup: 0", 50)).isCloseTo(0.1, within(1e-9));
    assertThat(rate("type: cosine, warmup: 0, minRateFraction: 0.2", 100))
        .isCloseTo(0.2, within(1e-9));
    assertThat(rate("type: polynomial, power: 1, warmup: 0, minRateFraction: 0.2", 50))
        .isCloseTo(0.6, within(1e-9));
    assertThat(rate("warmup: 0.1", 5)).isCloseTo(0.5, within(1e-9));
  }

  private static double rate(String fields, int step) {
    Schedule schedule = group("steps: 100, " + fields, ScheduleSettings.class).rates();
    return schedule.rate(1, step, 100);
  }

  @Test
  void momentum_is_a_field_of_sgd() {
    Optimiser rule =
        group("type: sgd, momentum: 0.5, weightDecay: 0.1", OptimiserSettings.class).rule();
    assertThat(rule).isEqualTo(new Optimiser.Sgd(0.002, 0.5, 0.1, false));
  }
}
