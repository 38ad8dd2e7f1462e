package downstream.detection;

import downstream.detection.heads.DetectionProtocol;
import downstream.detection.targets.InstanceMask;
import downstream.detection.targets.Target;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.Image;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.finetune.Letterbox;
import downstream.eval.finetune.LetterboxScale;
import downstream.eval.finetune.WholeImages;
import downstream.eval.train.Examples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * The training images of a detector: decoded, cropped, mirrored and turned into targets. Crowd
 * regions are not learned. A set that fits is kept decoded in memory. A frozen encoder sees {@link
 * WholeImages}.
 */
final class DetectionTrainingExamples implements Examples<DetectionTrainingExample> {
  private static final long KEPT_BYTES = 256L << 20;

  private final ImageSet set;
  private final List<Long> categories;
  private final DetectionProtocol protocol;
  private final EncoderSpec spec;
  private final boolean masks;
  private final boolean keep;
  private final Map<Integer, Image> kept = new ConcurrentHashMap<>();
  private final int fill;
  private final Optional<WholeImages> whole;

  /**
   * @param masks whether objects are read with their masks
   * @param inputs how a backbone reads images; asked for a frozen encoder only
   */
  DetectionTrainingExamples(
      ImageSet set,
      DetectionProtocol protocol,
      EncoderSpec spec,
      boolean masks,
      Function<ImageInputs, IntFunction<float[]>> inputs) {
    this.set = set;
    this.categories = set.categories().stream().map(Category::id).toList();
    this.protocol = protocol;
    this.spec = spec;
    this.masks = masks;
    long bytes = set.images().stream().mapToLong(p -> 3L * p.width() * p.height()).sum();
    keep = bytes <= KEPT_BYTES;
    fill = Letterbox.fill(spec.mean());
    boolean flip = protocol.augmentation().randomHorizontalFlip();
    whole =
        protocol.encoder().frozen()
            ? Optional.of(WholeImages.of(set, spec, protocol.letterbox(), flip, inputs))
            : Optional.empty();
  }

  @Override
  public int size() {
    return set.images().size();
  }

  @Override
  public DetectionTrainingExample load(int index, RandomGenerator random) {
    ImageRecord record = set.images().get(index);
    boolean multiScale = protocol.multiScale().isUsed();
    return multiScale ? letterboxed(index, record, random) : cropped(index, record, random);
  }

  private DetectionTrainingExample cropped(int index, ImageRecord record, RandomGenerator random) {
    ScaledCrop crop =
        ScaledCrop.draw(record, protocol.augmentation(), protocol.imageSize(), random);
    if (whole.isPresent()) {
      return wholeImage(index, record, crop.mirrored());
    }
    Image image = protocol.augmentation().distorted(image(index), random);
    return example(crop.cut(image, fill), record, crop.transform());
  }

  private DetectionTrainingExample letterboxed(
      int index, ImageRecord record, RandomGenerator random) {
    LetterboxScale scale = protocol.multiScale().draw(protocol.imageSize(), random);
    boolean mirrored = random.nextBoolean() && protocol.augmentation().randomHorizontalFlip();
    if (whole.isPresent()) {
      return wholeImage(index, record, mirrored);
    }
    Letterbox box = scale.of(record.width(), record.height());
    Image image = protocol.augmentation().distorted(image(index), random);
    return example(
        box.draw(image, mirrored, fill), record, ImageTransform.of(box, record, mirrored));
  }

  private DetectionTrainingExample wholeImage(int index, ImageRecord record, boolean mirrored) {
    Letterbox box = protocol.letterbox().of(record.width(), record.height());
    float[] input = whole.orElseThrow().input(index, mirrored);
    return new DetectionTrainingExample(
        input, objects(record, ImageTransform.of(box, record, mirrored)));
  }

  private DetectionTrainingExample example(
      Image square, ImageRecord record, ImageTransform transform) {
    return new DetectionTrainingExample(
        square.planes(spec.mean(), spec.std()), objects(record, transform));
  }

  private Image image(int index) {
    Image known = kept.get(index);
    if (known != null) {
      return known;
    }
    Image read = Image.read(set.images().get(index).file());
    if (keep) {
      kept.put(index, read);
    }
    return read;
  }

  /** The objects of which the input shows enough, cut off at its edges, in input pixels. */
  List<Target> objects(ImageRecord image, ImageTransform transform) {
    List<Target> objects = new ArrayList<>();
    for (Box box : image.boxes()) {
      double width = box.width() * transform.scaleX();
      double height = box.height() * transform.scaleY();
      double x = transform.toInputX(box.x(), box.width());
      double y = transform.toInputY(box.y());
      double left = Math.max(0, x);
      double top = Math.max(0, y);
      double shownWidth = Math.min(protocol.imageSize(), x + width) - left;
      double shownHeight = Math.min(protocol.imageSize(), y + height) - top;
      boolean shown =
          shownWidth > 0
              && shownHeight > 0
              && shownWidth * shownHeight >= protocol.minVisibleBoxFraction() * width * height;
      int category = Collections.binarySearch(categories, box.category());
      if (shown && !box.crowd() && category >= 0) {
        objects.add(new Target(category, left, top, shownWidth, shownHeight, mask(box, transform)));
      }
    }
    return objects;
  }

  /** The object's mask as the input shows it. */
  private Optional<InstanceMask> mask(Box box, ImageTransform transform) {
    return masks
        ? ObjectMask.of(box)
            .map(
                mask ->
                    (xs, ys) ->
                        mask.covers(
                            Arrays.stream(xs).map(x -> transform.toImageX(x, 0)).toArray(),
                            Arrays.stream(ys).map(transform::toImageY).toArray()))
        : Optional.empty();
  }
}
