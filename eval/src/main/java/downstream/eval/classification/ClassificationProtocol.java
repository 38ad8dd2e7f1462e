package downstream.eval.classification;

import static downstream.eval.Checks.check;
import static downstream.eval.Checks.defaults;
import static downstream.eval.Checks.or;

import downstream.eval.data.ImageSet;
import downstream.eval.finetune.AugmentationSettings;
import downstream.eval.finetune.DataSettings;
import downstream.eval.finetune.EncoderTuning;
import downstream.eval.finetune.OptimiserSettings;
import downstream.eval.finetune.ScheduleSettings;
import downstream.eval.finetune.TrainingProtocol;
import java.util.List;
import java.util.Optional;

/**
 * Protocol of a classification run: all settings that can change its score. A group or field that
 * is absent takes its default, which each group states; docs/reference/protocols/classification.md
 * gives the reasons.
 *
 * @param data training images
 * @param encoder whether and how the encoder is trained
 * @param crops how examples are cut out of images
 * @param head what decides on the class
 * @param knn nearest-neighbour vote; dropped for {@code linear}
 * @param optimiser update rule; dropped for {@code knn}
 * @param schedule length of training and learning rate over time; dropped for {@code knn}
 * @param augmentation variation of training examples, scales 1 to 1.5; dropped for {@code knn}
 * @param deviations how this protocol deviates from the published one that it is named after; none
 */
record ClassificationProtocol(
    DataSettings data,
    EncoderTuning encoder,
    CropSettings crops,
    HeadSettings head,
    Optional<KnnSettings> knn,
    Optional<OptimiserSettings> optimiser,
    Optional<ScheduleSettings> schedule,
    Optional<AugmentationSettings> augmentation,
    List<String> deviations) {
  private static final double MIN_SCALE = 1;
  private static final double MAX_SCALE = 1.5;

  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  ClassificationProtocol {
    data = or(data, defaults(DataSettings.class));
    encoder = or(encoder, defaults(EncoderTuning.class)).forBatch(data.batch());
    crops = or(crops, defaults(CropSettings.class));
    head = or(head, defaults(HeadSettings.class));
    deviations = List.copyOf(or(deviations, List.of()));
    boolean trained = !head.knn();
    check(trained || encoder.frozen(), "encoder.mode", "finetune", "frozen for head.type knn");
    knn = group(head.knn(), knn, KnnSettings.class);
    optimiser = group(trained, optimiser, OptimiserSettings.class);
    schedule = group(trained, schedule, ScheduleSettings.class);
    var mode = encoder.mode();
    augmentation =
        group(trained, augmentation, AugmentationSettings.class)
            .map(settings -> settings.forMode(mode, MIN_SCALE, MAX_SCALE));
  }

  private static <T extends Record> Optional<T> group(
      boolean used, Optional<T> given, Class<T> type) {
    return used
        ? Optional.of(or(given, Optional.<T>empty()).orElseGet(() -> defaults(type)))
        : Optional.empty();
  }

  /** The examples of a set. */
  LabelledCrops examples(ImageSet set) {
    return LabelledCrops.of(set, crops.marginOfLongerSide(), crops.minSide());
  }

  /** The part that all tasks have in common; its training groups mean nothing for {@code knn}. */
  Training training() {
    return new Training(
        data,
        encoder,
        optimiser.orElseGet(() -> defaults(OptimiserSettings.class)),
        schedule.orElseGet(() -> defaults(ScheduleSettings.class)),
        augmentation.orElseGet(() -> defaults(AugmentationSettings.class)),
        deviations);
  }

  /** The groups of {@link TrainingProtocol}. */
  record Training(
      DataSettings data,
      EncoderTuning encoder,
      OptimiserSettings optimiser,
      ScheduleSettings schedule,
      AugmentationSettings augmentation,
      List<String> deviations)
      implements TrainingProtocol {}
}
