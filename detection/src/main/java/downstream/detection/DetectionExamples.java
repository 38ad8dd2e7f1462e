package downstream.detection;

import downstream.detection.heads.DetectionProtocol;
import downstream.detection.targets.Target;
import downstream.detection.targets.TargetMask;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.Image;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.ImageInputs;
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
 * The training images of a detector: decoded, cut, mirrored and turned into targets. Crowd regions
 * are not learned. A set that fits is kept decoded in memory. Under {@code frozen} every picture is
 * whole, itself or its mirror image, so that their features can be cached.
 */
final class DetectionExamples implements Examples<DetectionExample> {
  private static final long KEPT_BYTES = 256L << 20;

  private final ImageSet set;
  private final List<Long> categories;
  private final DetectionProtocol protocol;
  private final EncoderSpec spec;
  private final boolean masks;
  private final boolean keep;
  private final Map<Integer, Image> kept = new ConcurrentHashMap<>();
  private final IntFunction<float[]> upright;
  private final IntFunction<float[]> mirrored;

  /**
   * @param masks whether objects are read with their outlines
   * @param inputs how a backbone reads views; asked under {@code frozen} alone
   */
  DetectionExamples(
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
    long bytes = set.pictures().stream().mapToLong(p -> 3L * p.width() * p.height()).sum();
    keep = bytes <= KEPT_BYTES;
    ImageInputs whole = new LetterboxedImages(set, false, spec, protocol);
    ImageInputs flipped = new LetterboxedImages(set, true, spec, protocol);
    upright = protocol.encoder().frozen() ? inputs.apply(whole) : whole::pixels;
    mirrored =
        protocol.encoder().frozen() && protocol.augmentation().flip()
            ? inputs.apply(flipped)
            : flipped::pixels;
  }

  @Override
  public int size() {
    return set.pictures().size();
  }

  @Override
  public DetectionExample load(int index, RandomGenerator random) {
    ImageRecord picture = set.pictures().get(index);
    ImageTransform window = ImageTransform.random(picture, protocol, random);
    if (protocol.encoder().frozen()) {
      window = ImageTransform.whole(picture, protocol, window.mirrored());
      float[] features = (window.mirrored() ? mirrored : upright).apply(index);
      return new DetectionExample(features, objects(picture, window));
    }
    Image image = protocol.augmentation().distorted(image(index), random);
    float[] pixels = window.cut(image).planes(spec.mean(), spec.std());
    return new DetectionExample(pixels, objects(picture, window));
  }

  private Image image(int index) {
    Image known = kept.get(index);
    if (known != null) {
      return known;
    }
    Image read = Image.read(set.pictures().get(index).file());
    if (keep) {
      kept.put(index, read);
    }
    return read;
  }

  /** The objects that the window shows enough of, cut off at its edges, in input pixels. */
  List<Target> objects(ImageRecord image, ImageTransform window) {
    List<Target> objects = new ArrayList<>();
    for (Box box : image.boxes()) {
      double width = box.width() * window.scale();
      double height = box.height() * window.scale();
      double x = window.toInputX(box.x(), box.width());
      double y = window.toInputY(box.y());
      double left = Math.max(0, x);
      double top = Math.max(0, y);
      double shownWidth = Math.min(protocol.imageSize(), x + width) - left;
      double shownHeight = Math.min(protocol.imageSize(), y + height) - top;
      boolean shown =
          shownWidth > 0
              && shownHeight > 0
              && shownWidth * shownHeight >= protocol.minVisibleFraction() * width * height;
      int category = Collections.binarySearch(categories, box.category());
      if (shown && !box.crowd() && category >= 0) {
        objects.add(new Target(category, left, top, shownWidth, shownHeight, mask(box, window)));
      }
    }
    return objects;
  }

  /** The outline as the window shows it. */
  private Optional<TargetMask> mask(Box box, ImageTransform window) {
    return masks
        ? ObjectMask.of(box)
            .map(
                silhouette ->
                    (xs, ys) ->
                        silhouette.covers(
                            Arrays.stream(xs).map(x -> window.toPictureX(x, 0)).toArray(),
                            Arrays.stream(ys).map(window::toPictureY).toArray()))
        : Optional.empty();
  }
}
