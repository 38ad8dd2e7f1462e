package downstream.pretrain.method.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import downstream.eval.train.Examples;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.method.autoencoder.Vae.Gaussians;
import downstream.pretrain.model.MaskedImage.Planes;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.monitor.Collapse;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.util.List;
import org.junit.jupiter.api.Test;

class VaeTest extends ObjectiveContractTest<Planes> {
  private static VaeSettings tiny(double beta, double stopBelow) {
    return new VaeSettings(
        TestEncoders.VIT,
        DecoderSettings.SMOKE,
        0,
        .1,
        beta,
        .1,
        stopBelow,
        .3,
        TrainingSettings.adamW(8, .1),
        Budget.epochs(20));
  }

  @Override
  public PretrainingModel<Planes> model() {
    return new Vae.VaeModel(tiny(1, 0), 1, manager);
  }

  @Override
  public Examples<Planes> examples(Photos photos) {
    return new Ae.Crops(photos, tiny(1, 0).autoencoder().view());
  }

  @Override
  public double learningRate() {
    return 1e-2;
  }

  /** Seeds the noise, so that the loss is the same function every time. */
  @Override
  public List<Planes> batch(PretrainingModel<Planes> model) {
    Engine.getInstance().setRandomSeed(5);
    return super.batch(model);
  }

  @Test
  void divergence_from_the_standard_gaussian() {
    Gaussians gaussians = gaussians(new float[] {1, 0, 0, 0}, new float[] {0, ln4(), 0, 0});
    float[] nats = gaussians.divergence().toFloatArray();
    assertThat(nats[0]).isCloseTo(1.3068528f, within(1e-6f));
    assertThat(nats[1]).isZero();
  }

  @Test
  void code_is_the_mean_and_noise_times_the_deviation() {
    Gaussians gaussians = gaussians(new float[] {1, 0}, new float[] {0, ln4()});
    NDArray noise = manager.create(new float[] {1, -1}, new Shape(1, 2));
    assertThat(gaussians.sample(noise).toFloatArray())
        .containsExactly(new float[] {2, -2}, within(1e-6f));
  }

  private Gaussians gaussians(float[] means, float[] logVariances) {
    Shape shape = new Shape(means.length / 2, 2);
    return new Gaussians(manager.create(means, shape), manager.create(logVariances, shape));
  }

  private static float ln4() {
    return (float) Math.log(4);
  }

  @Test
  void unit_is_active_if_its_mean_varies() {
    NDArray means = manager.create(new float[] {1, 0, 3, .2f, 1, .1f, 3, .1f}, new Shape(4, 2));
    assertThat(Gaussians.activeUnits(means).getFloat()).isEqualTo(.5f);
  }

  /** So heavy a prior leaves nothing of the image in the code. */
  @Test
  void collapsed_posterior_stops_the_training() {
    Vae.VaeModel model = new Vae.VaeModel(tiny(1000, .1), 1, manager);
    Optimiser adam = new Optimiser.AdamW(1e-2, 0, .9, .95);
    TrainingPlan plan = new TrainingPlan(150, 8, adam, Schedule.cosine(.05), 1, 5, 150, 1);
    assertThatThrownBy(
            () -> TrainingLoop.train(plan, examples(photos()), model, folder.resolve("run")))
        .isInstanceOf(Collapse.class)
        .hasMessageContaining("vae: the posterior collapsed at step ")
        .hasMessageContaining("below 0.1");
  }
}
