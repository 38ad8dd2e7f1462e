package downstream.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.data.ImageSet;
import downstream.eval.finetune.BlockHead;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.finetune.LetterboxScale;
import downstream.eval.finetune.LetterboxedImages;
import downstream.eval.task.FitRequest;
import downstream.eval.task.Protocol;
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
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "frozen, 'type: linear, width: 0', false",
    "frozen, type: fcn, false",
    "finetune, type: fcn, true"
  })
  void training_moves_the_head_and_the_encoder_only_in_fine_tuning(
      String mode, String head, boolean encoderMoves) throws IOException {
    ImageSet train = Blocks.write(folder.resolve("train"), 4, 2);
    ImageSet unseen = Blocks.write(folder.resolve("unseen"), 1, 9);
    Protocol steps =
        Blocks.protocol(
            "encoder: {mode: " + mode + "}, head: {" + head + "}, schedule: {steps: 4}");
    // Each fit has its own features on disk, so that none is read that another encoder made.
    FitRequest before = Blocks.fit(steps, train, folder.resolve("before"));
    FitRequest after = Blocks.fit(steps, train, folder.resolve("after"));
    SegmentationProtocol protocol = before.protocol().as(SegmentationProtocol.class);
    SegmentationTraining training = new SegmentationTraining(protocol, train);
    try (var fresh = EncoderWithHead.open(before, protocol, training);
        var trained = EncoderWithHead.train(after, protocol, training)) {
      List<float[]> first = features(fresh, unseen);
      List<float[]> last = features(trained, unseen);
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

  private static List<float[]> features(EncoderWithHead<BlockHead> model, ImageSet set) {
    IntFunction<float[]> inputs =
        model.inputs(
            new LetterboxedImages(
                set, false, model.spec(), LetterboxScale.fit(model.spec().imageSize())));
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

  private static List<float[]> headWeights(EncoderWithHead<BlockHead> model) {
    return model.head().blocks().entrySet().stream()
        .flatMap(block -> Weight.of(block.getKey(), block.getValue()).stream())
        .map(weight -> weight.array().toFloatArray())
        .toList();
  }
}
