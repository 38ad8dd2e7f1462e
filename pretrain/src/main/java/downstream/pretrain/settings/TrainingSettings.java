package downstream.pretrain.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.torch.Precision;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Clipping;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Optimiser.LarsForm;
import downstream.eval.train.optimiser.Schedule;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Settings of one training stage. Those that the chosen optimiser does not have are ignored.
 *
 * @param batch images an update
 * @param optimiser the update rule
 * @param baseLearningRate peak rate before it is scaled by the batch
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
 * @param scaling how the peak rate grows with the batch
 * @param floor learning rate at the end of a cosine, as a fraction of the peak
 * @param milestones fractions of the updates at which schedule {@code step} divides the rate by 10
 * @param clipPerArray whether each array of gradients is clipped by its own norm (DINO) instead of
 *     the norm of all together
 * @param weightDecayEnd weight decay at the end, to which it moves along a cosine; without it,
 *     weight decay stays as it is
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
    Precision precision,
    RateScaling scaling,
    double floor,
    List<Double> milestones,
    boolean clipPerArray,
    Optional<Double> weightDecayEnd) {
  /** Update rules. */
  public enum UpdateRule {
    @JsonProperty("adamw")
    ADAMW,
    @JsonProperty("sgd")
    SGD,
    /** LARS in the form of BYOL's code. */
    @JsonProperty("lars")
    LARS,
    /** LARS in the form of SimCLR's code: the rate is part of the momentum. */
    @JsonProperty("lars-simclr")
    LARS_SIMCLR,
    /** LARS in the form of Apex (SwAV), which scales and decays biases and norms too. */
    @JsonProperty("larc")
    LARC
  }

  /** Ways in which the peak rate depends on the batch. */
  public enum RateScaling {
    /** The base rate × batch / 256. */
    @JsonProperty("linear")
    LINEAR,
    /** The base rate × √batch (SimCLR). */
    @JsonProperty("sqrt")
    SQRT
  }

  /** Learning-rate schedules, after the warm-up. */
  public enum RateSchedule {
    /** Half a cosine to the floor, step by step (MAE, BYOL). */
    @JsonProperty("cosine")
    COSINE,
    /** Half a cosine over the whole run that moves once an epoch (SimSiam, ORL, MoCo v2). */
    @JsonProperty("cosine-per-epoch")
    COSINE_PER_EPOCH,
    /** Constant but for the milestones, each of which divides by 10 (SimMIM, MoCo v1). */
    @JsonProperty("step")
    STEP,
    @JsonProperty("constant")
    CONSTANT
  }

  private static final int REFERENCE_BATCH = 256;
  private static final int CHECKPOINTS = 10;
  private static final int LONGEST_WITHOUT_CHECKPOINT = 500;
  private static final double TRUST = 1e-3;
  private static final double DROP = .1;
  private static final List<Double> LAST_EIGHTH = List.of(7.0 / 8);

  public TrainingSettings {
    precision = Objects.requireNonNullElse(precision, Precision.FLOAT32);
    scaling = Objects.requireNonNullElse(scaling, RateScaling.LINEAR);
    milestones = List.copyOf(Objects.requireNonNullElse(milestones, LAST_EIGHTH));
    weightDecayEnd = weightDecayEnd == null ? Optional.empty() : weightDecayEnd;
    weightDecayEnd.ifPresent(
        end ->
            SettingsChecks.that(end >= 0, "training.weightDecayEnd must not be negative: " + end));
    SettingsChecks.that(
        precision != Precision.FLOAT64,
        "training.precision must be float32, tf32 or bfloat16, not float64");
    SettingsChecks.positive("training.batch", batch);
    SettingsChecks.positive("training.baseLearningRate", baseLearningRate);
    SettingsChecks.that(
        warmup >= 0 && warmup < 1, "training.warmup must be in [0, 1), not " + warmup);
    SettingsChecks.that(floor >= 0 && floor <= 1, "training.floor must be in [0, 1], not " + floor);
    new Schedule.Drops(milestones, DROP); // checks them
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
        Precision.FLOAT32,
        RateScaling.LINEAR,
        0,
        LAST_EIGHTH,
        false,
        Optional.empty());
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
    return switch (scaling) {
      case LINEAR -> baseLearningRate * batch / REFERENCE_BATCH;
      case SQRT -> baseLearningRate * Math.sqrt(batch);
    };
  }

  /** The same with gradients clipped at this norm. */
  public TrainingSettings clipped(double norm) {
    return with("clip", norm);
  }

  /** The same with each array of gradients clipped at this norm. */
  public TrainingSettings clippedPerArray(double norm) {
    return clipped(norm).with("clipPerArray", true);
  }

  /** The same with a weight decay that moves to this one along a cosine. */
  public TrainingSettings withWeightDecayEnd(double end) {
    return with("weightDecayEnd", end);
  }

  /** The same at another base rate. */
  public TrainingSettings withBaseLearningRate(double rate) {
    return with("baseLearningRate", rate);
  }

  /** The same with another decay of AdamW's mean of squares. */
  public TrainingSettings withBeta2(double decay) {
    return with("beta2", decay);
  }

  /** The same with another scaling of the base rate. */
  public TrainingSettings scaled(RateScaling other) {
    return with("scaling", other);
  }

  /** The same with a rate at the end of a cosine, as a fraction of the peak. */
  public TrainingSettings withFloor(double fraction) {
    return with("floor", fraction);
  }

  /** The same with other milestones of schedule {@code step}. */
  public TrainingSettings withMilestones(List<Double> fractions) {
    return with("milestones", fractions);
  }

  /** The same with one component replaced, by its name in files of settings. */
  private TrainingSettings with(String component, Object value) {
    ObjectNode all = Json.MAPPER.valueToTree(this);
    all.set(component, Json.MAPPER.valueToTree(value));
    return Json.MAPPER.convertValue(all, TrainingSettings.class);
  }

  private Optimiser updateRule() {
    return switch (optimiser) {
      case ADAMW -> new Optimiser.AdamW(learningRate(), weightDecay, beta1, beta2);
      case SGD -> new Optimiser.Sgd(learningRate(), momentum, weightDecay, true);
      case LARS -> lars(LarsForm.BYOL);
      case LARS_SIMCLR -> lars(LarsForm.SIMCLR);
      case LARC -> lars(LarsForm.LARC);
    };
  }

  private Optimiser lars(LarsForm form) {
    return new Optimiser.Lars(learningRate(), momentum, TRUST, weightDecay, form);
  }

  private Schedule scheduleOf(int stepsOfEpoch) {
    Schedule.Decay decay =
        switch (schedule) {
          case COSINE -> new Schedule.Cosine(floor, false);
          case COSINE_PER_EPOCH -> new Schedule.Cosine(floor, true);
          case STEP -> new Schedule.Drops(milestones, DROP);
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
        weightDecayEnd.orElse(weightDecay),
        new Clipping(clip, clipPerArray),
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
