package downstream.segmentation;

import static downstream.eval.Checks.check;
import static downstream.eval.Checks.defaults;
import static downstream.eval.Checks.or;
import static downstream.eval.Checks.positiveFraction;

import downstream.eval.finetune.AugmentationSettings;
import downstream.eval.finetune.DataSettings;
import downstream.eval.finetune.EncoderTuning;
import downstream.eval.finetune.OptimiserSettings;
import downstream.eval.finetune.ScheduleSettings;
import downstream.eval.finetune.TrainingProtocol;
import downstream.segmentation.heads.HeadSettings;
import java.util.List;

/**
 * Protocol of a segmentation run: all settings that can change its score. A group or field that is
 * absent takes its default, which each group states; docs/reference/protocols/segmentation.md gives
 * the reasons.
 *
 * @param data training images
 * @param encoder whether and how the encoder is trained
 * @param optimiser update rule
 * @param schedule length of training and learning rate over time
 * @param augmentation variation of training images; largest scale 1.5
 * @param maxClassFraction a crop of which one class has a larger fraction is drawn again, ten times
 *     at most, (0, 1]; 1: never
 * @param head head
 * @param inference how an image is seen in prediction
 * @param deviations how this protocol deviates from the published one that it is named after; none
 */
record SegmentationProtocol(
    DataSettings data,
    EncoderTuning encoder,
    OptimiserSettings optimiser,
    ScheduleSettings schedule,
    AugmentationSettings augmentation,
    Double maxClassFraction,
    HeadSettings head,
    SegmentationInference inference,
    List<String> deviations)
    implements TrainingProtocol {
  private static final double MIN_SCALE = 0.75;
  private static final double MAX_SCALE = 1.5;

  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  SegmentationProtocol {
    data = or(data, defaults(DataSettings.class));
    encoder = or(encoder, defaults(EncoderTuning.class)).forBatch(data.batch());
    optimiser = or(optimiser, defaults(OptimiserSettings.class));
    schedule = or(schedule, defaults(ScheduleSettings.class));
    augmentation =
        or(augmentation, defaults(AugmentationSettings.class))
            .forMode(encoder.mode(), MIN_SCALE, MAX_SCALE);
    maxClassFraction = or(maxClassFraction, 1.0);
    positiveFraction(maxClassFraction, "maxClassFraction");
    check(
        !encoder.frozen() || maxClassFraction == 1,
        "maxClassFraction",
        maxClassFraction,
        "1 in mode frozen, whose features are cached by image");
    head = or(head, defaults(HeadSettings.class));
    inference =
        or(inference, defaults(SegmentationInference.class))
            .forImages(data.imageSize(), encoder.mode());
    deviations = List.copyOf(or(deviations, List.of()));
  }

  /** Side of the square that the network takes, pixels. */
  int imageSize() {
    return data.imageSize();
  }

  boolean slides() {
    return inference.slides();
  }
}
