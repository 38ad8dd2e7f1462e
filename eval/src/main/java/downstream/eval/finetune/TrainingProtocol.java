package downstream.eval.finetune;

import downstream.eval.task.FitRequest;
import downstream.eval.train.TrainingPlan;
import java.util.List;

/**
 * Settings that the protocols of all fine-tuned tasks have in common, in groups. A task's record of
 * settings implements it and adds groups of its own.
 */
public interface TrainingProtocol {
  /** Group {@code data}. */
  DataSettings data();

  /** Group {@code encoder}, its batch norm resolved. */
  EncoderTuning encoder();

  /** Group {@code optimiser}. */
  OptimiserSettings optimiser();

  /** Group {@code schedule}. */
  ScheduleSettings schedule();

  /** Group {@code augmentation}, its scales resolved. */
  AugmentationSettings augmentation();

  /**
   * Returns the deviations of this protocol from the published one that it is named after; in every
   * run's notes.
   */
  List<String> deviations();

  /** The training that these settings ask for. */
  default TrainingPlan plan(FitRequest fit) {
    return new TrainingPlan(
        schedule().steps(),
        data().batch(),
        optimiser().rule(),
        schedule().rates(),
        optimiser().clip(),
        fit.seed(),
        TrainingPlan.checkpointEvery(schedule().steps()),
        fit.threads(),
        optimiser().precision());
  }
}
