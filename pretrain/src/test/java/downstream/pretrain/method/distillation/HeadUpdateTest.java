package downstream.pretrain.method.distillation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.train.Gradients;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Clipping;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.OptimiserState;
import downstream.eval.train.optimiser.ScalarSchedule;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.method.distillation.TeacherDistribution.Kind;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.targets.Distillation;
import downstream.pretrain.settings.MonitorSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One update of DINO's head beside PyTorch's ({@code update.py}). */
class HeadUpdateTest {
  private static final HeadSettings HEAD = new HeadSettings(5, 3, 6, false, 0);
  private static final float TOLERANCE = 1e-5f;

  private final NDManager manager = NDManager.newBaseManager();
  private final JsonNode known;

  HeadUpdateTest() throws IOException {
    try (InputStream file = HeadUpdateTest.class.getResourceAsStream("update.json")) {
      known = Json.MAPPER.readTree(requireNonNull(file));
    }
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void loss_centre_and_weights_after_an_update_are_pytorchs() {
    Encoder encoder = new Encoder(TestEncoders.VIT, 1, manager);
    ScoringNetwork student = new ScoringNetwork(encoder, HEAD, manager);
    ScoringNetwork teacher = new ScoringNetwork(encoder, HEAD, manager);
    List<Weight> trained = head(student, "student");
    head(teacher, "teacher");
    Kind kind = new Kind("teacher", 6, ScalarSchedule.constant(.05));
    TeacherDistribution distribution =
        new TeacherDistribution(
            "dino", kind, TeacherSettings.of(.9), MonitorSettings.DEFAULTS, manager);
    NDArray centre = requireNonNull(distribution.state().get("centre.teacher"));
    centre.set(values(known.path("centre")));

    Step step = ObjectiveContractTest.step(manager);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray scores = teacher.scores(array("large", 3, 2, 16), false, step).stopGradient();
      NDArray wanted = distribution.probabilities(scores, step);
      NDArray found =
          Distillation.logProbabilities(student.scores(array("seen", 3, 4, 16), false, step), .1);
      NDArray loss = DistillationModel.overPairs(found, wanted);
      assertThat(loss.getFloat()).isCloseTo(known.path("loss").floatValue(), within(TOLERANCE));
      collector.backward(loss);
    }
    Gradients.doWithout(
        () -> {
          update(trained);
          distribution.update();
        });

    for (int i = 0; i < trained.size(); i++) {
      assertThat(trained.get(i).array().toFloatArray())
          .as(trained.get(i).name())
          .containsExactly(values(known.path("student_after").get(i)), within(TOLERANCE));
    }
    assertThat(centre.toFloatArray())
        .containsExactly(values(known.path("centre_after")), within(TOLERANCE));
  }

  private void update(List<Weight> trained) {
    Optimiser adam = new Optimiser.AdamW(.01, .04, .9, .999);
    OptimiserState state = OptimiserState.of(adam, new Clipping(.5, true), trained, manager);
    List<NDArray> gradients = trained.stream().map(weight -> weight.array().getGradient()).toList();
    float[] norms = state.apply(0, gradients, .01, .04, manager).toFloatArray();
    for (int i = 0; i < trained.size(); i++) {
      assertThat(norms[i + 1])
          .isCloseTo(known.path("norms").get(i).floatValue(), within(10 * TOLERANCE));
    }
  }

  /** The weights of a head, as PyTorch drew them. */
  private List<Weight> head(ScoringNetwork network, String name) {
    List<Weight> weights =
        network.weights("").stream()
            .filter(weight -> !weight.name().startsWith("encoder"))
            .toList();
    assertThat(weights).hasSameSizeAs(known.path(name));
    Gradients.doWithout(
        () -> {
          for (int i = 0; i < weights.size(); i++) {
            weights.get(i).array().set(values(known.path(name).get(i)));
          }
        });
    return weights;
  }

  private NDArray array(String name, long... shape) {
    return manager.create(values(known.path(name)), new Shape(shape));
  }

  private static float[] values(JsonNode node) {
    return Json.MAPPER.convertValue(node, float[].class);
  }
}
