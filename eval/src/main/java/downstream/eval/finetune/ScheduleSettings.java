package downstream.eval.finetune;

import static downstream.eval.Checks.atLeast;
import static downstream.eval.Checks.belowOne;
import static downstream.eval.Checks.check;
import static downstream.eval.Checks.fraction;
import static downstream.eval.Checks.or;

import downstream.eval.train.optimiser.Schedule;
import java.util.List;

/**
 * Group {@code schedule} of a protocol: how long training lasts and how the learning rate moves.
 *
 * @param type cosine, step, polynomial or constant; cosine
 * @param steps updates of the weights; 300
 * @param warmup fraction of the steps in which the rate rises from 0 to its peak, [0, 1); 0.1
 * @param milestones fractions of the steps, ascending, at which type step multiplies the rate by
 *     0.1; none for the other types
 * @param power exponent of {@code polynomial}; 0.9, for the other types 0
 * @param minRateFraction rate at the end of {@code cosine} and {@code polynomial} as a fraction of
 *     the peak, [0, 1]; 0
 */
public record ScheduleSettings(
    ScheduleType type,
    Integer steps,
    Double warmup,
    List<Double> milestones,
    Double power,
    Double minRateFraction) {
  private static final double STEP_FACTOR = 0.1;

  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public ScheduleSettings {
    type = or(type, ScheduleType.COSINE);
    boolean polynomial = type == ScheduleType.POLYNOMIAL;
    steps = or(steps, 300);
    warmup = or(warmup, 0.1);
    milestones = List.copyOf(or(milestones, List.of()));
    power = or(power, polynomial ? 0.9 : 0.0);
    minRateFraction = or(minRateFraction, 0.0);
    atLeast(steps, 1, "schedule.steps");
    belowOne(warmup, "schedule.warmup");
    check(
        type == ScheduleType.STEP ? ascending(milestones) : milestones.isEmpty(),
        "schedule.milestones",
        milestones,
        "ascending fractions in (0, 1) for type step, and none for the others");
    check(
        polynomial ? power > 0 && power < Double.POSITIVE_INFINITY : power == 0,
        "schedule.power",
        power,
        "> 0 for type polynomial, and 0 for the others");
    fraction(minRateFraction, "schedule.minRateFraction");
    check(
        minRateFraction == 0 || polynomial || type == ScheduleType.COSINE,
        "schedule.minRateFraction",
        minRateFraction,
        "0 for types step and constant");
  }

  private static boolean ascending(List<Double> milestones) {
    double last = 0;
    for (double milestone : milestones) {
      if (!(milestone > last && milestone < 1)) {
        return false;
      }
      last = milestone;
    }
    return !milestones.isEmpty();
  }

  /** The learning rate over time. */
  public Schedule rates() {
    Schedule.Decay decay =
        switch (type) {
          case COSINE -> new Schedule.Cosine(minRateFraction, false);
          case STEP -> new Schedule.Drops(milestones, STEP_FACTOR);
          case POLYNOMIAL -> new Schedule.Polynomial(power, minRateFraction);
          case CONSTANT -> new Schedule.Constant();
        };
    return new Schedule(warmup, 0, decay, 1);
  }
}
