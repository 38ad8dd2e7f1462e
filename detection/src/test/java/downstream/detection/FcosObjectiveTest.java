package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.Backbone;
import downstream.eval.encoder.FineTuning;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.Weight;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FcosObjectiveTest {
  private static final DetectionProtocol PROTOCOL =
      Json.as(
          "test",
          Json.parseYaml(
              "test", "{imageSize: 64, width: 16, batch: 2, levels: 2, levelReach: 2.5}"),
          DetectionProtocol.class);

  @TempDir private Path folder;

  @Test
  void every_weight_gets_a_gradient_and_no_step_leaves_arrays_behind() {
    ImageSet set = Shapes.write(folder, 2, 64, 64, 1);
    try (NDManager manager = NDManager.newBaseManager();
        Backbone backbone =
            Backbone.open(
                TinyEncoder.file(64),
                TinyEncoder.file(64).spec().levels(),
                "finetune",
                FineTuning.WHOLE,
                manager,
                folder.resolve("f"),
                1)) {
      Engine.getInstance().setRandomSeed(1);
      FcosHead head = new FcosHead(PROTOCOL, 32, 2);
      head.initialize(manager, DataType.FLOAT32, new Shape(1, 32, 8, 8));
      FcosObjective objective = new FcosObjective(backbone, head, PROTOCOL, 2);
      Pyramid pyramid = Pyramid.over(64, 8, 2);
      DetectionExamples examples =
          new DetectionExamples(set, PROTOCOL, backbone.spec(), pyramid, backbone::inputs);
      List<DetectionExample> batch =
          List.of(
              examples.load(0, new SplittableRandom(1)), examples.load(1, new SplittableRandom(2)));
      List<Weight> weights = objective.weights();
      float first = step(objective, batch, manager);
      int arrays = manager.getManagedArrays().size();
      for (int i = 0; i < 5; i++) {
        assertThat(step(objective, batch, manager)).isEqualTo(first);
      }
      assertThat(manager.getManagedArrays()).hasSize(arrays);
      for (Weight weight : weights) {
        float largest = weight.array().getGradient().abs().max().getFloat();
        assertThat(largest).as(weight.name()).isPositive();
      }
      assertThat(weights.stream().map(Weight::name).distinct()).hasSize(weights.size());
    }
  }

  private static float step(
      FcosObjective objective, List<DetectionExample> batch, NDManager manager) {
    try (NDManager scope = manager.newSubManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      Step step = new Step(0, 1, scope, new ParameterStore(scope, false), new SplittableRandom(1));
      Losses losses = objective.losses(batch, step);
      assertThat(losses.terms()).containsOnlyKeys("class", "box", "centre");
      collector.backward(losses.total());
      return losses.total().getFloat();
    }
  }
}
