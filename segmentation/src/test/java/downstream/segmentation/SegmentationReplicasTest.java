package downstream.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.data.ImageSet;
import downstream.eval.task.FitRequest;
import downstream.eval.task.Protocol;
import downstream.eval.testing.TwoReplicas;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Segmenters whose batches two replicas share: batch norm, dropout and the number of labelled
 * pixels are those of the whole batch.
 */
class SegmentationReplicasTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "head: {type: linear, width: 0} | finetune",
        "head: {type: fcn, width: 8, dropout: 0.3} | finetune",
        "head: {type: upernet, width: 8, dropout: 0.3} | finetune",
        "head: {type: fcn, width: 8} | frozen"
      })
  void two_replicas_train_the_weights_of_one(String head, String mode) throws IOException {
    ImageSet set = Blocks.write(folder, 5, 1);
    Protocol protocol =
        Blocks.protocol(
            head
                + ", encoder: {mode: "
                + mode
                + "}, data: {imageSize: 48, batch: 3}, schedule: {steps: 3},"
                + " optimiser: {type: sgd, learningRate: 0.01}");
    SegmentationProtocol settings = protocol.as(SegmentationProtocol.class);
    double difference =
        TwoReplicas.largestDifference(
            device -> {
              FitRequest fit = Blocks.fit(protocol, set, folder.resolve("" + device.replicas()));
              return fit.on(device);
            },
            settings,
            new SegmentationTraining(settings, set));
    assertThat(difference).isLessThan(1e-5);
  }
}
