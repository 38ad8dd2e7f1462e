package downstream.pretrain.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.eval.torch.Precision;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import java.util.List;
import java.util.Objects;

/**
 * Settings of one training stage. Those that the chosen optimiser does not have are ignored.
 *
 * @param batch images an update
 * @param optimiser the update rule
 * @param baseLearningRate peak rate for a batch of 256; the rate used is this × batch / 256
 * @param weightDecay AdamW: decoupled, not on biases and norms; SGD: on all weights; LARS: not on
 *     biases and norms
 * @param beta1 of AdamW
 * @param beta2 of AdamW
 * @param momentum of SGD and LARS
 * @param schedule how the learning rate falls after the warm-up
 * @param warmup fraction of the updates in which the learning rate rises
 * @param warmupStartFraction learning rate of the first update, as a fraction of the peak
 * @param clip norm at which gradients are clipped; 0 for no clipping
 * @param monitor what is measured during training
 * @param precision of the networks: {@code float32}, {@code tf32} or {@code bfloat16}
 */
public record TrainingSettings(
    int batch,
    UpdateRule optimiser,
    double baseLearningRate,
    double weightDecay,
    double beta1,
    double beta2,
    double momentum,
    RateSchedule schedule,
    double warmup,
    double warmupStartFraction,
    double clip,
    MonitorSettings monitor,
    Precision precision) {
  /** Update rules. */
  public enum UpdateRule {
    @JsonProperty("adamw")
    ADAMW,
    @JsonProperty("sgd")
    SGD,
    /** LARS in the form of BYOL's code. */
    @JsonProperty("lars")
    LARS
  }

  /** Learning-rate schedules, after the warm-up. */
  public enum RateSchedule {
    /** Half a cosine to 0, step by step (MAE, BYOL). */
    @JsonProperty("cosine")
    COSINE,
    /** Half a cosine over the whole run that moves once an epoch (SimSiam, ORL). */
    @JsonProperty("cosine-per-epoch")
    COSINE_PER_EPOCH,
    /** Constant, then a tenth for the last eighth of the updates (SimMIM). */
    @JsonProperty("step")
    STEP,
    @JsonProperty("constant")
    CONSTANT
  }

  private static final int REFERENCE_BATCH = 256;
  private static final int CHECKPOINTS = 10;
  private static final int LONGEST_WITHOUT_CHECKPOINT = 500;
  private static final double TRUST = 1e-3;
  private static final double MILESTONE = 7.0 / 8;

  public TrainingSettings {
    precision = Objects.requireNonNullElse(precision, Precision.FLOAT32);
    SettingsChecks.that(
        precision != Precision.FLOAT64,
        "training.precision must be float32, tf32 or bfloat16, not float64");
    SettingsChecks.positive("training.batch", batch);
    SettingsChecks.positive("training.baseLearningRate", baseLearningRate);
    SettingsChecks.that(
        warmup >= 0 && warmup < 1, "training.warmup must be in [0, 1), not " + warmup);
  }

  /** Settings with the default monitor. */
  public TrainingSettings(
      int batch,
      UpdateRule optimiser,
      double baseLearningRate,
      double weightDecay,
      double beta1,
      double beta2,
      double momentum,
      RateSchedule schedule,
      double warmup,
      double warmupStartFraction,
      double clip) {
    this(
        batch,
        optimiser,
        baseLearningRate,
        weightDecay,
        beta1,
        beta2,
        momentum,
        schedule,
        warmup,
        warmupStartFraction,
        clip,
        MonitorSettings.DEFAULTS,
        Precision.FLOAT32);
  }

  /** AdamW (0.9, 0.95), decay 0.05, cosine after 5% of warm-up: what small transformers get. */
  public static TrainingSettings adamW(int batch, double baseLearningRate) {
    return new TrainingSettings(
        batch,
        UpdateRule.ADAMW,
        baseLearningRate,
        .05,
        .9,
        .95,
        .9,
        RateSchedule.COSINE,
        .05,
        0,
        0);
  }

  /** The peak rate for this batch. */
  public double learningRate() {
    return baseLearningRate * batch / REFERENCE_BATCH;
  }

  /** The same with gradients clipped at this norm. */
  public TrainingSettings clipped(double norm) {
    return with(baseLearningRate, norm);
  }

  /** The same at another base rate. */
  public TrainingSettings withBaseLearningRate(double rate) {
    return with(rate, clip);
  }

  private TrainingSettings with(double rate, double norm) {
    return new TrainingSettings(
        batch,
        optimiser,
        rate,
        weightDecay,
        beta1,
        beta2,
        momentum,
        schedule,
        warmup,
        warmupStartFraction,
        norm,
        monitor,
        precision);
  }

  private Optimiser updateRule() {
    return switch (optimiser) {
      case ADAMW -> new Optimiser.AdamW(learningRate(), weightDecay, beta1, beta2);
      case SGD -> new Optimiser.Sgd(learningRate(), momentum, weightDecay, true);
      case LARS ->
          new Optimiser.Lars(learningRate(), momentum, TRUST, weightDecay, Optimiser.LarsForm.BYOL);
    };
  }

  private Schedule scheduleOf(int stepsOfEpoch) {
    Schedule.Decay decay =
        switch (schedule) {
          case COSINE -> new Schedule.Cosine(0, false);
          case COSINE_PER_EPOCH -> new Schedule.Cosine(0, true);
          case STEP -> new Schedule.Drops(List.of(MILESTONE), .1);
          case CONSTANT -> new Schedule.Constant();
        };
    int every = schedule == RateSchedule.COSINE_PER_EPOCH ? stepsOfEpoch : 1;
    return new Schedule(warmup, warmupStartFraction, decay, every);
  }

  /**
   * The plan of a training.
   *
   * @param images of an epoch
   */
  public TrainingPlan plan(int steps, int images, long seed, int threads) {
    return new TrainingPlan(
        steps,
        batch,
        updateRule(),
        scheduleOf(stepsPerEpoch(images)),
        clip,
        seed,
        checkpointEvery(steps),
        threads,
        precision);
  }

  /** Updates of an epoch: the last, smaller batch is left out, unless it is the only one. */
  public int stepsPerEpoch(int images) {
    return Math.max(1, images / batch);
  }

  /** Images of one update: the batch, or all images if there are fewer. */
  public int batchOf(int images) {
    return Math.min(images, batch);
  }

  /** Ten checkpoints in a training, more in a long one. */
  private static int checkpointEvery(int steps) {
    return Math.max(1, Math.min(LONGEST_WITHOUT_CHECKPOINT, steps / CHECKPOINTS));
  }
}
