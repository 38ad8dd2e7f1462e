package downstream.segmentation;

import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.LabelMap;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.finetune.Letterbox;
import downstream.eval.finetune.LetterboxScale;
import downstream.eval.finetune.WholeImages;
import downstream.eval.train.Examples;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * Training images, augmented as mmseg does: a random scale, a mirror image half of the time, a
 * random {@link Crop} of the protocol's size, its colours distorted if so asked. Where the image
 * does not fill the square it has the encoder's mean colour and the label 255. A frozen encoder
 * sees {@link WholeImages}.
 */
final class SegmentationTrainingExamples implements Examples<SegmentationTrainingExample> {
  private final ImageSet set;
  private final SegmentationProtocol protocol;
  private final EncoderSpec spec;
  private final Optional<WholeImages> whole;

  /**
   * @param inputs how a backbone reads images; asked for a frozen encoder only
   */
  SegmentationTrainingExamples(
      ImageSet set,
      SegmentationProtocol protocol,
      EncoderSpec spec,
      Function<ImageInputs, IntFunction<float[]>> inputs) {
    this.set = set;
    this.protocol = protocol;
    this.spec = spec;
    LetterboxScale scale = LetterboxScale.fit(protocol.imageSize());
    boolean flip = protocol.augmentation().randomHorizontalFlip();
    whole =
        protocol.encoder().frozen()
            ? Optional.of(WholeImages.of(set, spec, scale, flip, inputs))
            : Optional.empty();
  }

  @Override
  public int size() {
    return set.images().size();
  }

  @Override
  public SegmentationTrainingExample load(int index, RandomGenerator random) {
    return whole.isPresent() ? whole(index, whole.get(), random) : crop(index, random);
  }

  private SegmentationTrainingExample whole(int index, WholeImages images, RandomGenerator random) {
    ImageRecord image = set.images().get(index);
    boolean flip = protocol.augmentation().randomHorizontalFlip() && random.nextBoolean();
    int size = protocol.imageSize();
    Letterbox box = Letterbox.fit(image.width(), image.height(), size);
    LabelMap labels = LabelMapChecker.of(image, set).resizeNearest(box.width(), box.height());
    LabelMap square = (flip ? labels.flip() : labels).crop(0, 0, size, size);
    return new SegmentationTrainingExample(images.input(index, flip), square.values());
  }

  private SegmentationTrainingExample crop(int index, RandomGenerator random) {
    ImageRecord record = set.images().get(index);
    double scale = protocol.augmentation().scale(random);
    boolean flip = protocol.augmentation().randomHorizontalFlip() && random.nextBoolean();
    int size = protocol.imageSize();
    Letterbox box =
        protocol.slides()
            ? Letterbox.cover(record.width(), record.height(), size)
            : Letterbox.fit(record.width(), record.height(), size);
    int width = Letterbox.scaled(box.width(), scale);
    int height = Letterbox.scaled(box.height(), scale);
    LabelMap resized = LabelMapChecker.of(record, set).resizeNearest(width, height);
    LabelMap labels = flip ? resized.flip() : resized;
    Crop crop = Crop.draw(labels, size, protocol.maxClassFraction(), random);
    Image image = Image.read(record.file()).resize(width, height);
    // Distorted before the padding, whose colour is to stay the mean.
    Image square =
        protocol
            .augmentation()
            .distorted(flip ? image.flip() : image, random)
            .crop(crop.x(), crop.y(), size, size, Letterbox.fill(spec.mean()));
    return new SegmentationTrainingExample(
        square.planes(spec.mean(), spec.std()), crop.of(labels).values());
  }
}
