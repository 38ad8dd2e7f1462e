package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.detection.heads.DetectionProtocol;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.task.FitRequest;
import downstream.eval.task.Protocol;
import downstream.eval.testing.TwoReplicas;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Detectors whose batches two replicas share: losses divide by counts of the whole batch. */
class DetectionReplicasTest {
  private static final int SIDE = 64;

  @TempDir private Path folder;

  static Stream<Arguments> heads() {
    EncoderFile plain = TinyEncoder.file(SIDE);
    EncoderFile staged = TinyEncoder.staged(SIDE);
    return Stream.of(
        Arguments.of(
            "head: {type: fcos, width: 16}, fcos: {maxDistanceInStrides: 2.5}", plain, 1e-6),
        Arguments.of("head: {type: mask-rcnn, width: 16}, roi: {fcWidth: 32}", plain, 1e-6),
        Arguments.of(
            "head: {type: mask-rcnn, norm: batch, width: 16}, roi: {head: 4conv1fc, fcWidth: 32},"
                + " encoder: {batchNorm: batch}",
            staged,
            5e-5));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void two_replicas_train_the_weights_of_one(String fields, EncoderFile encoder, double tolerance)
      throws IOException {
    ImageSet set = Shapes.write(folder, 5, SIDE, SIDE, 1);
    String yaml =
        "{data: {imageSize: 64, batch: 3}, schedule: {steps: 3},"
            + " optimiser: {type: sgd, learningRate: 0.01}, "
            + fields
            + "}";
    DetectionProtocol protocol =
        Json.as("test", Json.parseYaml("test", yaml), DetectionProtocol.class);
    double difference =
        TwoReplicas.largestDifference(
            device ->
                new FitRequest(
                    encoder,
                    new Protocol("detection", "", "test", Json.MAPPER.createObjectNode()),
                    set,
                    1,
                    folder.resolve("fit-" + device.replicas()),
                    folder.resolve("features"),
                    1,
                    device,
                    0),
            protocol,
            new DetectionTraining(protocol, set));
    assertThat(difference).isLessThan(tolerance);
  }
}
