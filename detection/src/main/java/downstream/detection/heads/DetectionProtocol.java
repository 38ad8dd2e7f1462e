package downstream.detection.heads;

import static downstream.eval.Checks.defaults;
import static downstream.eval.Checks.fraction;
import static downstream.eval.Checks.or;

import downstream.eval.finetune.AugmentationSettings;
import downstream.eval.finetune.DataSettings;
import downstream.eval.finetune.EncoderTuning;
import downstream.eval.finetune.LetterboxScale;
import downstream.eval.finetune.OptimiserSettings;
import downstream.eval.finetune.ScheduleSettings;
import downstream.eval.finetune.TrainingProtocol;
import java.util.List;
import java.util.Optional;

/**
 * Protocol of a detection run: all settings that can change its score. A group or field that is
 * absent takes its default, which each group states; docs/reference/protocols/detection.md gives
 * the reasons.
 *
 * @param data training images
 * @param encoder whether and how the encoder is trained
 * @param optimiser update rule
 * @param schedule length of training and learning rate over time
 * @param augmentation variation of training images; largest scale 1.33
 * @param multiScale training at several image sizes instead
 * @param minVisibleBoxFraction objects of whose box a crop leaves a smaller fraction of the area
 *     are not learned, [0, 1]; 0.3
 * @param head detector, and the layers that all detectors have
 * @param fcos settings of {@code fcos}; dropped for the other heads
 * @param rpn region proposal network of {@code faster-rcnn} and {@code mask-rcnn}; dropped for
 *     {@code fcos}
 * @param roi second stage of {@code faster-rcnn} and {@code mask-rcnn}; dropped for {@code fcos}
 * @param inference which boxes become detections
 * @param deviations how this protocol deviates from the published one that it is named after; none
 */
public record DetectionProtocol(
    DataSettings data,
    EncoderTuning encoder,
    OptimiserSettings optimiser,
    ScheduleSettings schedule,
    AugmentationSettings augmentation,
    MultiScaleSettings multiScale,
    Double minVisibleBoxFraction,
    DetectionHeadSettings head,
    Optional<FcosSettings> fcos,
    Optional<RpnSettings> rpn,
    Optional<RoiSettings> roi,
    DetectionInference inference,
    List<String> deviations)
    implements TrainingProtocol {
  private static final double MIN_SCALE = 0.75;
  private static final double MAX_SCALE = 1.33;

  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public DetectionProtocol {
    data = or(data, defaults(DataSettings.class));
    encoder = or(encoder, defaults(EncoderTuning.class)).forBatch(data.batch());
    optimiser = or(optimiser, defaults(OptimiserSettings.class));
    schedule = or(schedule, defaults(ScheduleSettings.class));
    augmentation =
        or(augmentation, defaults(AugmentationSettings.class))
            .forMode(encoder.mode(), MIN_SCALE, MAX_SCALE);
    multiScale =
        or(multiScale, defaults(MultiScaleSettings.class))
            .forImages(data.imageSize(), encoder.frozen());
    minVisibleBoxFraction = or(minVisibleBoxFraction, 0.3);
    fraction(minVisibleBoxFraction, "minVisibleBoxFraction");
    head = or(head, defaults(DetectionHeadSettings.class));
    boolean regions = head.type().hasRegions();
    fcos = group(!regions, or(fcos, Optional.empty()), FcosSettings.class);
    rpn = group(regions, or(rpn, Optional.empty()), RpnSettings.class);
    roi = group(regions, or(roi, Optional.empty()), RoiSettings.class);
    inference = or(inference, defaults(DetectionInference.class)).forHead(head.type());
    deviations = List.copyOf(or(deviations, List.of()));
  }

  /** A group that some heads have: with its defaults for those, dropped for the others. */
  private static <T extends Record> Optional<T> group(
      boolean used, Optional<T> given, Class<T> type) {
    return used ? Optional.of(given.orElseGet(() -> defaults(type))) : Optional.empty();
  }

  /** Side of the square that the network takes, pixels. */
  public int imageSize() {
    return data.imageSize();
  }

  /** The scale of whole images: in prediction, and for a frozen encoder. */
  public LetterboxScale letterbox() {
    return multiScale.prediction(data.imageSize());
  }

  FcosSettings fcosSettings() {
    return fcos.orElseThrow();
  }

  RpnSettings rpnSettings() {
    return rpn.orElseThrow();
  }

  RoiSettings roiSettings() {
    return roi.orElseThrow();
  }
}
