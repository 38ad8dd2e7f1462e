package downstream.eval.encoder.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import downstream.eval.encoder.operators.Operands.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dropout and BatchNormalization behave differently while weights are trained. */
class TrainingFormTest {
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    Engine.getInstance().setRandomSeed(1);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private OperatorRun run(OperatorCase operator, Phase phase) {
    return OperatorRun.of(operator.phase(phase), manager, DataType.FLOAT32);
  }

  private static OperatorCase dropout() {
    return OperatorCase.single("Dropout", 13)
        .between(1, 1, 100, 100)
        .number(0.25)
        .booleans(new int[] {1});
  }

  @Test
  void dropout_in_training_form_drops_its_ratio_and_scales_the_rest() {
    float[] values = run(dropout(), Phase.FROZEN_STATISTICS).outputs().get(0).toFloatArray();

    double kept = 0;
    for (float value : values) {
      assertThat(value).isIn(0f, 1 / 0.75f);
      kept += value == 0 ? 0 : 1;
    }
    assertThat(kept / values.length).isCloseTo(0.75, within(0.02));
  }

  @Test
  void dropout_keeps_everything_at_inference_or_outside_training_form() {
    OperatorCase evaluated = OperatorCase.single("Dropout", 13).between(1, 1, 50).number(0.25);
    assertThat(run(dropout(), Phase.INFERENCE).outputs().get(0).toFloatArray()).containsOnly(1);
    assertThat(run(evaluated, Phase.BATCH_STATISTICS).outputs().get(0).toFloatArray())
        .containsOnly(1);
  }

  @Test
  void a_mask_marks_the_training_form_before_opset_12() {
    OperatorCase masked = OperatorCase.single("Dropout", 10).between(1, 1, 1000).outputs(2);
    assertThat(run(masked, Phase.FROZEN_STATISTICS).outputs().get(0).toFloatArray())
        .containsOnly(0, 2);
  }

  @Test
  void batch_statistics_move_the_running_ones_in_place() {
    OperatorRun run = run(batchNorm(), Phase.BATCH_STATISTICS);
    float[] normalized = run.outputs().get(0).toFloatArray();

    assertThat(normalized).containsExactly(new float[] {-1.2247f, 0, 1.2247f}, within(1e-3f));
    assertThat(run.inputs().get(3).toFloatArray()).containsExactly(0.75f * 5 + 0.25f * 2);
    assertThat(run.inputs().get(4).toFloatArray())
        .containsExactly(new float[] {0.75f * 4 + 0.25f * 2 / 3}, within(1e-6f));
  }

  @ParameterizedTest
  @EnumSource(names = {"INFERENCE", "FROZEN_STATISTICS"})
  void running_statistics_are_used_and_left_alone_otherwise(Phase phase) {
    OperatorRun run = run(batchNorm().one("training_mode", 1), phase);
    NDArray normalized = run.outputs().get(0);

    assertThat(normalized.toFloatArray())
        .containsExactly(new float[] {-2, -1.5f, -1}, within(1e-4f));
    assertThat(run.inputs().get(3).toFloatArray()).containsExactly(5);
    assertThat(run.inputs().get(4).toFloatArray()).containsExactly(4);
  }

  /** Values 1, 2, 3 of one channel; running mean 5 and variance 4. */
  private static OperatorCase batchNorm() {
    return OperatorCase.single("BatchNormalization", 15)
        .live(new float[] {1, 2, 3}, 3, 1)
        .live(new float[] {1}, 1)
        .live(new float[] {0}, 1)
        .floats(5)
        .floats(4)
        .real("momentum", 0.75);
  }
}
