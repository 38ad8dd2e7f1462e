package downstream.eval.classification;

import downstream.eval.data.image.Image;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.finetune.AugmentationSettings;
import downstream.eval.finetune.Letterbox;
import downstream.eval.train.Examples;
import java.util.random.RandomGenerator;

/**
 * Training examples of an encoder that is trained: each cut out at a random scale, at a random
 * place within its window (or around it, for a scale below 1), mirrored and distorted in colour as
 * the protocol says.
 */
final class AugmentedExamples implements Examples<ClassificationTrainingExample> {
  private final LabelledCrops examples;
  private final AugmentationSettings augmentation;
  private final EncoderSpec spec;

  AugmentedExamples(LabelledCrops examples, AugmentationSettings augmentation, EncoderSpec spec) {
    this.examples = examples;
    this.augmentation = augmentation;
    this.spec = spec;
  }

  @Override
  public int size() {
    return examples.size();
  }

  @Override
  public ClassificationTrainingExample load(int index, RandomGenerator random) {
    LabelledCrop crop = examples.crops().get(index);
    double scale = augmentation.scale(random);
    LabelledCrop view = crop.at(scale, random.nextDouble(), random.nextDouble());
    boolean flip = augmentation.randomHorizontalFlip() && random.nextBoolean();
    Image whole = Image.read(examples.set().images().get(crop.image()).file());
    Image cut = view.cut(whole, spec.imageSize(), Letterbox.fill(spec.mean()));
    Image drawn = augmentation.distorted(flip ? cut.flip() : cut, random);
    return new ClassificationTrainingExample(drawn.planes(spec.mean(), spec.std()), crop.label());
  }
}
