package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import downstream.detection.heads.DetectionHead;
import downstream.detection.heads.DetectionHeads;
import downstream.detection.heads.DetectionProtocol;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.Backbone;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FineTuning;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DetectionObjectiveTest {
  private static final int SIDE = 64;

  /**
   * Scales distances on FCOS's coarsest level, which no object of these pictures reaches; and the
   * inside of residual blocks, which begin as their shortcuts.
   */
  private static final String UNREACHED = "head\\.scale2|encoder\\.layer.*";

  @TempDir private Path folder;

  static Stream<Arguments> heads() {
    EncoderFile plain = TinyEncoder.file(SIDE);
    EncoderFile staged =
        new ResNet(18, 4)
            .build(
                "r",
                SIDE,
                0,
                plain.spec().mean(),
                plain.spec().std(),
                Json.MAPPER.createObjectNode());
    return Stream.of(
        Arguments.of("head: fcos, levels: 2, levelReach: 2.5", plain),
        Arguments.of("head: fcos, finestStride: 16, levelReach: 1.5", staged),
        Arguments.of("head: faster-rcnn, roi: {units: 32}", plain),
        Arguments.of("head: mask-rcnn, norm: batch, roi: {head: 4conv1fc, units: 32}", staged),
        Arguments.of("head: mask-rcnn, norm: layer, levels: 3, roi: {units: 32}", plain));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void every_weight_gets_a_gradient_and_no_step_leaves_arrays_behind(
      String fields, EncoderFile encoder) {
    ImageSet set = Shapes.write(folder, 2, SIDE, SIDE, 1);
    DetectionProtocol protocol =
        Json.as(
            "test",
            Json.parseYaml("test", "{imageSize: 64, width: 16, batch: 2, " + fields + "}"),
            DetectionProtocol.class);
    try (NDManager manager = NDManager.newBaseManager()) {
      Engine.getInstance().setRandomSeed(1);
      DetectionHead head = DetectionHeads.create(protocol, encoder.spec().levels(), 2, manager);
      try (Backbone backbone =
          Backbone.open(
              encoder,
              head.reads(),
              "finetune",
              FineTuning.WHOLE,
              manager,
              folder.resolve("f"),
              1)) {
        DetectionObjective objective = new DetectionObjective(protocol.head(), backbone, head, 1);
        DetectionExamples examples =
            new DetectionExamples(
                set, protocol, backbone.spec(), head.hasMasks(), backbone::inputs);
        List<DetectionExample> batch =
            List.of(
                examples.load(0, new SplittableRandom(1)),
                examples.load(1, new SplittableRandom(2)));
        check(objective, batch, manager);
      }
    }
  }

  private static void check(
      DetectionObjective objective, List<DetectionExample> batch, NDManager manager) {
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
      DetectionObjective objective, List<DetectionExample> batch, NDManager manager) {
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
