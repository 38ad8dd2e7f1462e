package downstream.segmentation;

import downstream.eval.data.Image;
import downstream.eval.data.ImageSet;
import downstream.eval.data.LabelMap;
import downstream.eval.data.Picture;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.train.Examples;
import java.util.random.RandomGenerator;

/**
 * Training pictures, augmented as mmseg does: a random scale, a mirror image half of the time, a
 * random square of the protocol's size. Where the picture does not fill the square it has the
 * encoder's mean colour and the label 255. Under {@code frozen} every picture lies in its {@link
 * Letterbox}, so that a cache holds each one (and its mirror image) once.
 */
final class SegmentationExamples implements Examples<SegmentationExample> {
  private final ImageSet set;
  private final SegmentationProtocol protocol;
  private final EncoderSpec spec;

  SegmentationExamples(ImageSet set, SegmentationProtocol protocol, EncoderSpec spec) {
    this.set = set;
    this.protocol = protocol;
    this.spec = spec;
  }

  @Override
  public int size() {
    return set.pictures().size();
  }

  @Override
  public SegmentationExample load(int index, RandomGenerator random) {
    Picture picture = set.pictures().get(index);
    Image image = Image.read(picture.file());
    LabelMap labels = Truth.of(picture, set);
    int size = protocol.imageSize();
    double range = protocol.largestScale() - protocol.smallestScale();
    double scale = protocol.smallestScale() + range * random.nextDouble();
    boolean flip = protocol.flip() && random.nextBoolean();
    Letterbox box = Letterbox.fit(image.width(), image.height(), size);
    int width = Letterbox.scaled(box.width(), scale);
    int height = Letterbox.scaled(box.height(), scale);
    image = image.resize(width, height);
    labels = labels.resizeNearest(width, height);
    int x = protocol.frozen() ? 0 : between(size - width, random);
    int y = protocol.frozen() ? 0 : between(size - height, random);
    Image square =
        (flip ? image.flip() : image).crop(x, y, size, size, Letterbox.fill(spec.mean()));
    LabelMap squareLabels = (flip ? labels.flip() : labels).crop(x, y, size, size);
    return new SegmentationExample(square.planes(spec.mean(), spec.std()), squareLabels.values());
  }

  /**
   * The left edge of the square in the picture: anywhere inside if the picture is larger ({@code
   * room} < 0), anywhere around it (negative) if it is smaller.
   */
  private static int between(int room, RandomGenerator random) {
    return Integer.signum(-room) * random.nextInt(Math.abs(room) + 1);
  }
}
