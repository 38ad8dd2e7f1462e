package downstream.pretrain.model.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DistillationTest {
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void loss_of_known_scores_is_known() {
    NDArray student = manager.create(new float[] {.2f, .1f, 0, .3f}, new Shape(1, 2, 2));
    NDArray teacher = manager.create(new float[] {.3f, 0, .1f, .2f}, new Shape(1, 2, 2));
    NDArray centred = teacher.sub(manager.create(new float[] {.05f, 0}));
    assertThat(loss(student, centred, .07)).isCloseTo(.352098790, within(1e-6)); // SlotCon's
    assertThat(loss(student, centred, .04)).isCloseTo(.216353942, within(1e-6)); // DINO's
  }

  private static double loss(NDArray student, NDArray teacher, double teacherTemperature) {
    NDArray found = Distillation.logProbabilities(student, .1);
    NDArray wanted = Distillation.probabilities(teacher, teacherTemperature);
    return Distillation.crossEntropy(found, wanted).mean().getFloat();
  }

  @Test
  void cross_entropy_of_each_row_follows_a_slow_reference() {
    Random random = new Random(3);
    int width = 5;
    float[] student = new float[4 * width];
    float[] teacher = new float[4 * width];
    for (int i = 0; i < student.length; i++) {
      student[i] = (float) random.nextGaussian();
      teacher[i] = (float) random.nextGaussian();
    }
    Shape shape = new Shape(4, width);
    NDArray found = Distillation.logProbabilities(manager.create(student, shape), .3);
    NDArray wanted = Distillation.probabilities(manager.create(teacher, shape), .2);
    float[] rows = Distillation.crossEntropy(found, wanted).toFloatArray();
    for (int row = 0; row < 4; row++) {
      double ofStudent = 0;
      double ofTeacher = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        ofStudent += Math.exp(student[i] / .3);
        ofTeacher += Math.exp(teacher[i] / .2);
      }
      double expected = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        expected -=
            Math.exp(teacher[i] / .2) / ofTeacher * Math.log(Math.exp(student[i] / .3) / ofStudent);
      }
      assertThat((double) rows[row]).isCloseTo(expected, within(1e-5));
    }
  }
}
