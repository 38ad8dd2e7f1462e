package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import downstream.detection.heads.DetectionHead;
import downstream.detection.heads.DetectionProtocol;
import downstream.eval.Device;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.finetune.FineTuningObjective;
import downstream.eval.task.FitRequest;
import downstream.eval.task.Protocol;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DetectionTrainingTest {
  private static final int SIDE = 64;

  /**
   * Scales distances on FCOS's coarsest level, which no object of these images reaches; and the
   * inside of residual blocks, which begin as their shortcuts.
   */
  private static final String UNREACHED = "head\\.scale2|encoder\\.layer.*";

  @TempDir private Path folder;

  static Stream<Arguments> heads() {
    EncoderFile plain = TinyEncoder.file(SIDE);
    EncoderFile staged = TinyEncoder.staged(SIDE);
    return Stream.of(
        Arguments.of(
            "head: {type: fcos, levels: 2, width: 16}, fcos: {maxDistanceInStrides: 2.5}", plain),
        Arguments.of(
            "head: {type: fcos, minStride: 16, width: 16}, fcos: {maxDistanceInStrides: 1.5}",
            staged),
        Arguments.of("head: {type: faster-rcnn, width: 16}, roi: {fcWidth: 32}", plain),
        Arguments.of(
            "head: {type: mask-rcnn, norm: batch, width: 16}, roi: {head: 4conv1fc, fcWidth: 32}",
            staged),
        Arguments.of(
            "head: {type: mask-rcnn, norm: layer, levels: 3, width: 16}, roi: {fcWidth: 32}",
            plain));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void every_weight_gets_a_gradient_and_no_step_leaves_arrays_behind(
      String fields, EncoderFile encoder) throws IOException {
    ImageSet set = Shapes.write(folder, 2, SIDE, SIDE, 1);
    DetectionProtocol protocol =
        Json.as(
            "test",
            Json.parseYaml(
                "test",
                "{data: {imageSize: 64, batch: 2}, encoder: {learningRateScale: 1},"
                    + " augmentation: {resizeScaleDistribution: log-uniform}, "
                    + fields
                    + "}"),
            DetectionProtocol.class);
    FitRequest fit =
        new FitRequest(
            encoder,
            new Protocol("detection", "", "test", Json.MAPPER.createObjectNode()),
            set,
            1,
            folder.resolve("fit"),
            folder.resolve("features"),
            1,
            Device.CPU,
            0);
    DetectionTraining training = new DetectionTraining(protocol, set);
    try (EncoderWithHead<DetectionHead> model = EncoderWithHead.open(fit, protocol, training);
        NDManager scope = model.newScope()) {
      Examples<DetectionTrainingExample> examples = training.examples(model);
      List<DetectionTrainingExample> batch =
          List.of(
              examples.load(0, new SplittableRandom(1)), examples.load(1, new SplittableRandom(2)));
      check(new FineTuningObjective<>(model, training), batch, scope);
    }
  }

  private static void check(
      Objective<DetectionTrainingExample> objective,
      List<DetectionTrainingExample> batch,
      NDManager manager) {
    List<Weight> weights = objective.weights();
    step(objective, batch, manager);
    int arrays = manager.getManagedArrays().size();
    for (int i = 0; i < 3; i++) {
      assertThat(step(objective, batch, manager)).isFinite();
    }
    assertThat(manager.getManagedArrays()).hasSize(arrays);
    for (Weight weight : weights) {
      if (weight.name().matches(UNREACHED)) {
        continue;
      }
      float largest = weight.array().getGradient().abs().max().getFloat();
      assertThat(largest).as(weight.name()).isPositive();
    }
    assertThat(weights.stream().map(Weight::name).distinct()).hasSize(weights.size());
  }

  private static float step(
      Objective<DetectionTrainingExample> objective,
      List<DetectionTrainingExample> batch,
      NDManager manager) {
    try (NDManager scope = manager.newSubManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      Step step = new Step(0, 1, scope, new ParameterStore(scope, false), new SplittableRandom(1));
      Losses losses = objective.losses(batch, step);
      assertThat(losses.terms().values()).allMatch(term -> Float.isFinite(term.getFloat()));
      collector.backward(losses.total());
      return losses.total().getFloat();
    }
  }
}
