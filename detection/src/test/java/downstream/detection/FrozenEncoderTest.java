package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.detection.heads.DetectionHead;
import downstream.detection.heads.DetectionProtocol;
import downstream.eval.Device;
import downstream.eval.data.ImageSet;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.finetune.LetterboxedImages;
import downstream.eval.task.FitRequest;
import downstream.eval.task.Protocols;
import downstream.eval.train.Gradients;
import downstream.eval.train.optimiser.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What training moves: the head always, the encoder only if it is fine-tuned. */
class FrozenEncoderTest {
  private static final int SIZE = 64;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"frozen,fcos,false", "frozen,faster-rcnn,false", "finetune,fcos,true"})
  void training_moves_the_head_and_the_encoder_only_in_fine_tuning(
      String mode, String head, boolean encoderMoves) throws IOException {
    ImageSet train = Shapes.write(folder.resolve("train"), 4, SIZE, SIZE, 2);
    ImageSet unseen = Shapes.write(folder.resolve("unseen"), 1, SIZE, SIZE, 9);
    List<String> changes = List.of("encoder.mode=" + mode, "head.type=" + head, "schedule.steps=4");
    FitRequest before = fit(train, changes, "before");
    FitRequest after = fit(train, changes, "after");
    DetectionProtocol protocol = before.protocol().as(DetectionProtocol.class);
    DetectionTraining training = new DetectionTraining(protocol, train);
    try (var fresh = EncoderWithHead.open(before, protocol, training);
        var trained = EncoderWithHead.train(after, protocol, training)) {
      List<float[]> first = features(fresh, unseen, protocol);
      List<float[]> last = features(trained, unseen, protocol);
      assertThat(first).isNotEmpty().allMatch(map -> map.length > 0);
      if (encoderMoves) {
        assertThat(last).usingRecursiveComparison().isNotEqualTo(first);
      } else {
        assertThat(last).usingRecursiveComparison().isEqualTo(first);
        assertThat(trained.weights()).hasSameSizeAs(headWeights(trained));
      }
      assertThat(headWeights(trained)).usingRecursiveComparison().isNotEqualTo(headWeights(fresh));
    }
  }

  /** Each fit has its own features on disk, so that none is read that another encoder made. */
  private FitRequest fit(ImageSet train, List<String> changes, String name) {
    return new FitRequest(
        TinyEncoder.file(SIZE),
        Protocols.load(new DetectionTask(), "smoke", changes),
        train,
        3,
        folder.resolve(name),
        folder.resolve(name + "-features"),
        2,
        Device.CPU,
        0);
  }

  private static List<float[]> features(
      EncoderWithHead<DetectionHead> model, ImageSet set, DetectionProtocol protocol) {
    IntFunction<float[]> inputs =
        model.inputs(new LetterboxedImages(set, false, model.spec(), protocol.letterbox()));
    return Gradients.without(
        () -> {
          try (NDManager scope = model.newScope()) {
            ParameterStore store = new ParameterStore(scope, false);
            return model.features(store, scope, List.of(inputs.apply(0)), false).stream()
                .map(NDArray::toFloatArray)
                .toList();
          }
        });
  }

  private static List<float[]> headWeights(EncoderWithHead<DetectionHead> model) {
    return model.head().blocks().entrySet().stream()
        .flatMap(block -> Weight.of(block.getKey(), block.getValue()).stream())
        .map(weight -> weight.array().toFloatArray())
        .toList();
  }
}
