package downstream.segmentation;

import downstream.eval.data.Image;
import downstream.eval.data.ImageSet;
import downstream.eval.data.LabelMap;
import downstream.eval.data.Picture;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.Views;
import downstream.eval.train.Examples;
import java.util.function.Function;
import java.util.function.IntFunction;
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
  private final IntFunction<float[]> upright;
  private final IntFunction<float[]> mirrored;

  /**
   * @param inputs how a backbone reads views; asked under {@code frozen} alone
   */
  SegmentationExamples(
      ImageSet set,
      SegmentationProtocol protocol,
      EncoderSpec spec,
      Function<Views, IntFunction<float[]>> inputs) {
    this.set = set;
    this.protocol = protocol;
    this.spec = spec;
    Views plain = new Letterboxed(set, false, spec);
    Views flipped = new Letterboxed(set, true, spec);
    upright = protocol.frozen() ? inputs.apply(plain) : plain::pixels;
    mirrored = protocol.frozen() && protocol.flip() ? inputs.apply(flipped) : flipped::pixels;
  }

  @Override
  public int size() {
    return set.pictures().size();
  }

  @Override
  public SegmentationExample load(int index, RandomGenerator random) {
    Picture picture = set.pictures().get(index);
    LabelMap labels = Truth.of(picture, set);
    int size = protocol.imageSize();
    double range = protocol.largestScale() - protocol.smallestScale();
    double scale = protocol.smallestScale() + range * random.nextDouble();
    boolean flip = protocol.flip() && random.nextBoolean();
    Letterbox box = Letterbox.fit(picture.width(), picture.height(), size);
    int width = Letterbox.scaled(box.width(), scale);
    int height = Letterbox.scaled(box.height(), scale);
    labels = labels.resizeNearest(width, height);
    int x = protocol.frozen() ? 0 : between(size - width, random);
    int y = protocol.frozen() ? 0 : between(size - height, random);
    LabelMap squareLabels = (flip ? labels.flip() : labels).crop(x, y, size, size);
    float[] input;
    if (protocol.frozen()) {
      input = (flip ? mirrored : upright).apply(index);
    } else {
      Image image = Image.read(picture.file()).resize(width, height);
      input =
          (flip ? image.flip() : image)
              .crop(x, y, size, size, Letterbox.fill(spec.mean()))
              .planes(spec.mean(), spec.std());
    }
    return new SegmentationExample(input, squareLabels.values());
  }

  /**
   * The left edge of the square in the picture: anywhere inside if the picture is larger ({@code
   * room} < 0), anywhere around it (negative) if it is smaller.
   */
  private static int between(int room, RandomGenerator random) {
    return Integer.signum(-room) * random.nextInt(Math.abs(room) + 1);
  }
}
