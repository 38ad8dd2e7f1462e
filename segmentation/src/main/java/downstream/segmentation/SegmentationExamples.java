package downstream.segmentation;

import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.LabelMap;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.train.Examples;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * Training pictures, augmented as mmseg does: a random scale, a mirror image half of the time, a
 * random {@link Crop} of the protocol's size, its colours distorted if so asked. Where the picture
 * does not fill the square it has the encoder's mean colour and the label 255. Under {@code frozen}
 * every picture lies in its {@link Letterbox}, so that a cache holds each one (and its mirror
 * image) once.
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
      Function<ImageInputs, IntFunction<float[]>> inputs) {
    this.set = set;
    this.protocol = protocol;
    this.spec = spec;
    ImageInputs plain = new Letterboxed(set, false, spec);
    ImageInputs flipped = new Letterboxed(set, true, spec);
    upright = protocol.encoder().frozen() ? inputs.apply(plain) : plain::pixels;
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
  public SegmentationExample load(int index, RandomGenerator random) {
    return protocol.encoder().frozen() ? whole(index, random) : crop(index, random);
  }

  private SegmentationExample whole(int index, RandomGenerator random) {
    ImageRecord image = set.pictures().get(index);
    boolean flip = protocol.augmentation().flip() && random.nextBoolean();
    int size = protocol.imageSize();
    Letterbox box = Letterbox.fit(image.width(), image.height(), size);
    LabelMap labels = LabelMapChecker.of(image, set).resizeNearest(box.width(), box.height());
    LabelMap square = (flip ? labels.flip() : labels).crop(0, 0, size, size);
    return new SegmentationExample((flip ? mirrored : upright).apply(index), square.values());
  }

  private SegmentationExample crop(int index, RandomGenerator random) {
    ImageRecord picture = set.pictures().get(index);
    double scale = protocol.augmentation().scale(random);
    boolean flip = protocol.augmentation().flip() && random.nextBoolean();
    int size = protocol.imageSize();
    Letterbox box =
        protocol.slides()
            ? Letterbox.cover(picture.width(), picture.height(), size)
            : Letterbox.fit(picture.width(), picture.height(), size);
    int width = Letterbox.scaled(box.width(), scale);
    int height = Letterbox.scaled(box.height(), scale);
    LabelMap resized = LabelMapChecker.of(picture, set).resizeNearest(width, height);
    LabelMap labels = flip ? resized.flip() : resized;
    Crop crop = Crop.draw(labels, size, protocol.maxClassFraction(), random);
    Image image = Image.read(picture.file()).resize(width, height);
    // Distorted before the padding, whose colour is to stay the mean.
    Image square =
        protocol
            .augmentation()
            .distorted(flip ? image.flip() : image, random)
            .crop(crop.x(), crop.y(), size, size, Letterbox.fill(spec.mean()));
    return new SegmentationExample(
        square.planes(spec.mean(), spec.std()), crop.of(labels).values());
  }
}
