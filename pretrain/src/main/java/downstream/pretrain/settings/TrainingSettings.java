package downstream.pretrain.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import downstream.pretrain.monitor.MonitorSettings;
import java.util.List;

/**
 * How a stage is trained. Settings that the chosen optimiser or course does not have are ignored.
 *
 * @param batch images an update
 * @param optimiser the update rule
 * @param baseLearningRate peak rate for a batch of 256; the rate used is this × batch / 256
 * @param weightDecay AdamW: decoupled, not on biases and norms; SGD: on all weights; LARS: not on
 *     biases and norms
 * @param beta1 of AdamW
 * @param beta2 of AdamW
 * @param momentum of SGD and LARS
 * @param course how the rate moves
 * @param warmup share of the updates in which the rate rises
 * @param warmupStart the rate at the start of the rise, as a share of the peak
 * @param clip largest gradient norm; 0 for none
 * @param watch what is looked at meanwhile
 */
public record TrainingSettings(
    int batch,
    Rule optimiser,
    double baseLearningRate,
    double weightDecay,
    double beta1,
    double beta2,
    double momentum,
    Course course,
    double warmup,
    double warmupStart,
    double clip,
    MonitorSettings watch) {
  /** Update rules. */
  public enum Rule {
    @JsonProperty("adamw")
    ADAMW,
    @JsonProperty("sgd")
    SGD,
    /** As BYOL's code has it. */
    @JsonProperty("lars")
    LARS
  }

  /** Ways of the learning rate, after the rise. */
  public enum Course {
    /** Half a cosine to 0, step by step (MAE, BYOL). */
    @JsonProperty("cosine")
    COSINE,
    /** Half a cosine over the whole run that moves once an epoch (SimSiam, ORL). */
    @JsonProperty("cosine-by-epoch")
    COSINE_BY_EPOCH,
    /** A tenth of it for the last eighth (SimMIM). */
    @JsonProperty("drop")
    DROP,
    @JsonProperty("constant")
    CONSTANT
  }

  private static final int REFERENCE_BATCH = 256;
  private static final double TRUST = 1e-3;
  private static final double DROP_AT = 7.0 / 8;

  public TrainingSettings {
    SettingsChecks.positive("training.batch", batch);
    SettingsChecks.positive("training.baseLearningRate", baseLearningRate);
    SettingsChecks.that(
        warmup >= 0 && warmup < 1, "training.warmup is a share of the updates, not " + warmup);
  }

  /** As a paper has it. */
  public TrainingSettings(
      int batch,
      Rule optimiser,
      double baseLearningRate,
      double weightDecay,
      double beta1,
      double beta2,
      double momentum,
      Course course,
      double warmup,
      double warmupStart,
      double clip) {
    this(
        batch,
        optimiser,
        baseLearningRate,
        weightDecay,
        beta1,
        beta2,
        momentum,
        course,
        warmup,
        warmupStart,
        clip,
        MonitorSettings.DEFAULTS);
  }

  /** AdamW (0.9, 0.95), decay 0.05, cosine after 5% of warm-up: what small transformers get. */
  public static TrainingSettings adamW(int batch, double baseLearningRate) {
    return new TrainingSettings(
        batch, Rule.ADAMW, baseLearningRate, .05, .9, .95, .9, Course.COSINE, .05, 0, 0);
  }

  /** Of a batch of this size. */
  public double learningRate() {
    return baseLearningRate * batch / REFERENCE_BATCH;
  }

  /** As {@link #adamW} with gradients clipped at this norm. */
  public TrainingSettings clipped(double norm) {
    return new TrainingSettings(
        batch,
        optimiser,
        baseLearningRate,
        weightDecay,
        beta1,
        beta2,
        momentum,
        course,
        warmup,
        warmupStart,
        norm,
        watch);
  }

  private Optimiser rule() {
    return switch (optimiser) {
      case ADAMW -> new Optimiser.AdamW(learningRate(), weightDecay, beta1, beta2);
      case SGD -> new Optimiser.Sgd(learningRate(), momentum, weightDecay, true);
      case LARS ->
          new Optimiser.Lars(learningRate(), momentum, TRUST, weightDecay, Optimiser.LarsForm.BYOL);
    };
  }

  private Schedule schedule(int stepsOfEpoch) {
    Schedule.Decay decay =
        switch (course) {
          case COSINE -> new Schedule.Cosine(0, false);
          case COSINE_BY_EPOCH -> new Schedule.Cosine(0, true);
          case DROP -> new Schedule.Drops(List.of(DROP_AT), .1);
          case CONSTANT -> new Schedule.Constant();
        };
    int every = course == Course.COSINE_BY_EPOCH ? stepsOfEpoch : 1;
    return new Schedule(warmup, warmupStart, decay, every);
  }

  /**
   * @param images of an epoch
   */
  public TrainingPlan plan(int steps, int images, long seed, int threads) {
    return new TrainingPlan(
        steps,
        batch,
        rule(),
        schedule(Epochs.steps(images, batch)),
        clip,
        seed,
        Epochs.checkpointEvery(steps),
        threads);
  }
}
