package downstream.eval.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.encoder.build.ResNetTest;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.encoder.inspect.EncoderVerification;
import downstream.eval.train.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The encoders that this project builds agree in both engines and learn. */
class BuiltEncoderTrainingTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  @TempDir Path folder;

  static Stream<EncoderFile> built() {
    VitArchitecture small = new VitArchitecture(32, 8, 24, 2, 3, 4);
    return Stream.of(
        transformer(small),
        transformer(small.withClassToken().withLearnedPositions()),
        transformer(small.withPiConv()),
        ResNetTest.build(18, 8, 1),
        ResNetTest.build(50, 8, 1));
  }

  private static EncoderFile transformer(VitArchitecture transformer) {
    return VisionTransformer.build(
        transformer, "vit", 1, HALF, HALF, Json.MAPPER.createObjectNode());
  }

  @ParameterizedTest
  @MethodSource("built")
  void both_engines_agree(EncoderFile file) {
    assertThat(EncoderVerification.compare(file))
        .isNotEmpty()
        .allMatch(EncoderVerification.Difference::agree);
  }

  @ParameterizedTest
  @MethodSource("built")
  void training_lowers_the_loss_and_the_result_still_agrees(EncoderFile file) throws IOException {
    try (Regression regression = new Regression(file, FineTuningSettings.BATCH_STATISTICS)) {
      TrainingLoop.train(Regression.plan(15, 0.01), regression.images(), regression, folder);
      assertThat(regression.lastLoss()).isLessThan(0.8f * regression.firstLoss());
      assertThat(regression.trained().sha256()).isNotEqualTo(file.sha256());
      assertThat(EncoderVerification.compare(regression.trained()))
          .allMatch(EncoderVerification.Difference::agree);
    }
  }
}
