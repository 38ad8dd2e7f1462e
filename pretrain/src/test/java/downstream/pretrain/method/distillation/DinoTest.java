package downstream.pretrain.method.distillation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.Json;
import downstream.eval.train.Examples;
import downstream.eval.train.Gradients;
import downstream.eval.train.Step;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.method.distillation.Dino.DinoModel;
import downstream.pretrain.method.distillation.DinoSettings.Embedding;
import downstream.pretrain.method.distillation.TeacherSettings.Exported;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.monitor.Collapse;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.CropSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Network;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DinoTest extends ObjectiveContractTest<List<float[]>> {
  /** Two blocks, so that one of them drops branches. */
  private static final EncoderSettings VIT =
      new EncoderSettings(Network.VIT_MICRO, 16, 4, 16, 2, 2, true, false);

  private static final DinoSettings TINY = tiny(VIT, Embedding.CLASS_TOKEN, .5);

  static DinoSettings tiny(EncoderSettings encoder, Embedding embedding, double dropPath) {
    return new DinoSettings(
        encoder,
        embedding,
        new CropSettings(2, 8, .4, .1, .4),
        new HeadSettings(64, 16, 12, true, 0),
        TeacherSettings.of(.97).warmingUpTo(.05, .3),
        .1,
        dropPath,
        TrainingSettings.adamW(8, .1),
        Budget.epochs(20));
  }

  @Override
  public PretrainingModel<List<float[]>> model() {
    return new DinoModel(TINY, 1, 1, manager);
  }

  @Override
  public Examples<List<float[]>> examples(Photos photos) {
    return Dino.crops(16, TINY.crops(), photos);
  }

  @Override
  public int steps() {
    return 16;
  }

  @Override
  public double learningRate() {
    return 3e-3;
  }

  /** The loss rises with the entropy of the teacher: another test has one that stays. */
  @Override
  public boolean hasFallen(double first, double last) {
    return true;
  }

  @Override
  public double differenceStep() {
    return 1e-5;
  }

  /** Branches are dropped alike each time. */
  @Override
  public List<List<float[]>> batch(PretrainingModel<List<float[]>> model) {
    Engine.getInstance().setRandomSeed(3);
    return super.batch(model);
  }

  @Test
  void loss_over_pairs_follows_a_slow_reference() {
    Random random = new Random(2);
    int images = 3;
    int crops = 5;
    int width = 4;
    float[] student = new float[images * crops * width];
    float[] teacher = new float[images * 2 * width];
    for (int i = 0; i < student.length; i++) {
      student[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < teacher.length; i++) {
      teacher[i] = random.nextFloat();
    }
    double sum = 0;
    for (int image = 0; image < images; image++) {
      for (int large = 0; large < 2; large++) {
        for (int crop = 0; crop < crops; crop++) {
          for (int i = 0; i < width && crop != large; i++) {
            sum -=
                teacher[(image * 2 + large) * width + i]
                    * student[(image * crops + crop) * width + i];
          }
        }
      }
    }
    NDArray loss =
        DistillationModel.overPairs(
            manager.create(student, new Shape(images, crops, width)),
            manager.create(teacher, new Shape(images, 2, width)));
    double pairs = 2 * (crops - 1);
    assertThat((double) loss.getFloat()).isCloseTo(sum / images / pairs, within(1e-5));
  }

  @Test
  void student_learns_the_scores_of_a_teacher_that_stays() throws IOException {
    train(teacher(1 - 1e-9, .04, false, 0), 40);
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("run/log.jsonl"))) {
      losses.add(Json.parseYaml("log", line).path("total").asDouble());
    }
    assertThat(mean(losses.subList(32, 40))).isLessThan(.8 * mean(losses.subList(0, 8)));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).average().orElseThrow();
  }

  @Test
  void without_centring_all_images_get_one_score_and_it_is_caught() {
    assertThatThrownBy(() -> train(teacher(.9, .04, false, .05), 40))
        .isInstanceOf(Collapse.class)
        .hasMessageContaining("dino: the teacher gives everything the same score at step ")
        .hasMessageContaining("teacher.variety, smoothed, is ")
        .hasMessageContaining("Check teacher.centring");
  }

  @Test
  void without_sharpening_all_scores_are_alike_and_it_is_caught() {
    assertThatThrownBy(() -> train(teacher(.9, 1, true, .05), 40))
        .isInstanceOf(Collapse.class)
        .hasMessageContaining("dino: the teacher gives everything all scores alike at step ")
        .hasMessageContaining("Lower teacher.temperature");
  }

  private static TeacherSettings teacher(
      double momentum, double temperature, boolean centring, double stopBelow) {
    return new TeacherSettings(
        momentum,
        temperature,
        temperature,
        0,
        centring,
        .9,
        stopBelow,
        stopBelow / 5,
        Exported.TEACHER);
  }

  private void train(TeacherSettings teacher, int steps) throws IOException {
    Optimiser adam = new Optimiser.AdamW(3e-3, .05, .9, .95);
    TrainingPlan plan = new TrainingPlan(steps, 8, adam, Schedule.cosine(.05), 1, 5, steps, 1);
    DinoModel model = new DinoModel(taughtBy(teacher), 1, 1, manager);
    TrainingLoop.train(plan, examples(photos()), model, folder.resolve("run"));
  }

  private static DinoSettings taughtBy(TeacherSettings teacher) {
    return new DinoSettings(
        VIT,
        Embedding.CLASS_TOKEN,
        TINY.crops(),
        TINY.head(),
        teacher,
        .1,
        0,
        TINY.training(),
        TINY.budget());
  }

  @Test
  void teacher_and_centre_move_after_the_update() throws IOException {
    PretrainingModel<List<float[]>> model = model();
    NDArray centre = requireNonNull(model.state().get("centre.teacher"));
    NDArray rows = requireNonNull(model.state().get("teacher.last.rows"));
    float before = rows.toFloatArray()[0];
    Gradients.without(
        () -> {
          try (NDManager scope = manager.newSubManager()) {
            Step step = step(scope);
            model.losses(batch(model), step);
            assertThat(centre.toFloatArray()).containsOnly(0);
            model.weights().stream()
                .filter(weight -> weight.name().equals("last.rows"))
                .forEach(weight -> weight.array().addi(1));
            model.afterUpdate(step);
          }
          return null;
        });
    assertThat(centre.toFloatArray()).doesNotContain(0f);
    double tau = 1 - .03 * (Math.cos(Math.PI * 3 / 10) + 1) / 2; // of this step
    assertThat((double) rows.toFloatArray()[0]).isCloseTo(before + 1 - tau, within(1e-6));
  }

  @Test
  void teacher_is_exported_unless_the_student_is_asked_for() {
    for (Exported exported : Exported.values()) {
      DinoSettings settings =
          taughtBy(new TeacherSettings(.9, .04, .04, 0, true, .9, .05, .01, exported));
      DinoModel model = new DinoModel(settings, 1, 1, manager);
      float[] before = model.encoder().weights("e").get(0).array().toFloatArray();
      model.weights().forEach(weight -> weight.array().addi(1));
      boolean moved = model.encoder().weights("e").get(0).array().toFloatArray()[0] != before[0];
      assertThat(moved).isEqualTo(exported == Exported.STUDENT);
    }
  }

  @Test
  void resnet_without_small_crops_has_a_finite_loss() throws IOException {
    CropSettings large = new CropSettings(0, 1, .4, .1, .4);
    DinoSettings settings =
        new DinoSettings(
            TestEncoders.RESNET,
            Embedding.MEAN,
            large,
            TINY.head(),
            TINY.teacher(),
            .1,
            0,
            TINY.training(),
            TINY.budget());
    DinoModel model = new DinoModel(settings, 1, 1, manager);
    List<List<float[]>> batch = PretrainingModel.sample(Dino.crops(32, large, photos()), 4);
    try (NDManager scope = manager.newSubManager()) {
      float loss = Gradients.without(() -> model.losses(batch, step(scope)).total().getFloat());
      assertThat(loss).isFinite().isPositive();
    }
    ScoringNetwork student = model.student();
    assertThat(model.flops()).isEqualTo((3 * 2 + 2) * student.flops(32, 1));
  }

  @Test
  void cost_is_that_of_all_crops_for_the_student_and_of_large_ones_for_the_teacher() {
    DinoModel model = new DinoModel(TINY, 1, 1, manager);
    long large = model.student().flops(16, 1);
    long small = model.student().flops(8, 1);
    assertThat(small).isLessThan(large);
    assertThat(model.flops()).isEqualTo(3 * (2 * large + 2 * small) + 2 * large);
  }

  @Test
  void last_layer_is_held_for_an_epoch() {
    HeadSettings head = new HeadSettings(64, 16, 12, false, 1.5);
    assertThat(head.heldSteps(10)).isEqualTo(15);
  }

  @Test
  void class_token_has_to_be_there() {
    assertThatThrownBy(() -> tiny(TestEncoders.VIT, Embedding.CLASS_TOKEN, 0))
        .hasMessage(
            "embedding class-token needs a class token: set encoder.classToken=true, or"
                + " embedding=mean");
    tiny(TestEncoders.VIT, Embedding.MEAN, 0);
  }
}
