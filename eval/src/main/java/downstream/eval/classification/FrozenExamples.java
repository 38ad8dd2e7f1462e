package downstream.eval.classification;

import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.train.Examples;
import java.util.random.RandomGenerator;

/**
 * Training examples of a frozen encoder: pooled features in memory, half of them of mirror images.
 */
final class FrozenExamples implements Examples<ClassificationTrainingExample> {
  private final LabelledCrops examples;
  private final float[][] upright;
  private final float[][] mirrored;

  FrozenExamples(LabelledCrops examples, EncoderWithHead<PooledHead> model, boolean flip) {
    this.examples = examples;
    upright = PooledFeatures.of(model, new CropInputs(examples, false, model.spec()));
    mirrored =
        flip ? PooledFeatures.of(model, new CropInputs(examples, true, model.spec())) : upright;
  }

  @Override
  public int size() {
    return examples.size();
  }

  @Override
  public ClassificationTrainingExample load(int index, RandomGenerator random) {
    float[] features = (random.nextBoolean() ? mirrored : upright)[index];
    return new ClassificationTrainingExample(features, examples.crops().get(index).label());
  }
}
