package downstream.eval.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import downstream.eval.Json;
import downstream.eval.encoder.build.ResNetTest;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.train.Step;
import downstream.eval.train.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long training neither collects arrays nor memory. */
@Tag("slow")
class TrainingMemoryTest {
  private static final int STEPS = 500;
  private static final int SETTLED = 100;
  private static final int EVERY = 50;

  /**
   * Bytes that the process may gain in 400 steps: 80 kB a step, a fiftieth of one's activations.
   */
  private static final long TOLERANCE = 32L << 20;

  @TempDir Path folder;

  static List<EncoderFile> encoders() {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    return List.of(
        VisionTransformer.build(
            VitArchitecture.micro(64, 8), "vit", 1, half, half, Json.MAPPER.createObjectNode()),
        ResNetTest.build(18, 16, 1));
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void five_hundred_steps_leave_no_trace(EncoderFile file) throws IOException {
    assumeTrue(ProcessMemory.isKnown(), "resident memory is read from /proc");
    TreeMap<Integer, Integer> live = new TreeMap<>();
    TreeMap<Integer, Long> resident = new TreeMap<>();
    Regression regression =
        new Regression(file, FineTuningSettings.BATCH_STATISTICS) {
          @Override
          public void afterUpdate(Step step) {
            if (step.index() % EVERY == EVERY - 1) {
              live.put(step.index(), liveArrays());
              resident.put(step.index(), ProcessMemory.outsideHeap());
            }
          }
        };
    try (regression) {
      TrainingLoop.train(Regression.plan(STEPS, 1e-3), regression.images(), regression, folder);
    }
    System.out.printf(
        "%s: live arrays %s, bytes outside the heap %s%n", file.name(), live, resident);
    assertThat(live.lastKey()).isEqualTo(STEPS - 1);
    assertThat(live.lastEntry().getValue()).isEqualTo(live.ceilingEntry(SETTLED).getValue());
    assertThat(resident.lastEntry().getValue())
        .isLessThan(resident.ceilingEntry(SETTLED).getValue() + TOLERANCE);
  }
}
