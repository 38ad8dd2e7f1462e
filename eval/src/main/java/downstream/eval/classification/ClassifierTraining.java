package downstream.eval.classification;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.finetune.FineTunedTask;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import java.util.List;
import java.util.Map;

/**
 * The training of a linear classifier, alone or with the encoder: its head, its examples and its
 * loss, cross-entropy.
 *
 * @param examples training examples
 */
record ClassifierTraining(ClassificationProtocol protocol, LabelledCrops examples)
    implements FineTunedTask<PooledHead, ClassificationTrainingExample> {
  @Override
  public String name() {
    return "classification";
  }

  @Override
  public PooledHead createHead(EncoderFile encoder, NDManager manager) {
    return PooledHead.create(protocol.head(), encoder, examples.classes().size(), manager);
  }

  @Override
  public Examples<ClassificationTrainingExample> examples(EncoderWithHead<PooledHead> model) {
    var augmentation = protocol.training().augmentation();
    return protocol.encoder().frozen()
        ? new FrozenExamples(examples, model, augmentation.randomHorizontalFlip())
        : new AugmentedExamples(examples, augmentation, model.spec());
  }

  @Override
  public NDList arrays(
      EncoderWithHead<PooledHead> model,
      List<ClassificationTrainingExample> batch,
      NDManager manager) {
    List<float[]> inputs = batch.stream().map(ClassificationTrainingExample::input).toList();
    return protocol.encoder().frozen()
        ? new NDList(stack(manager, inputs))
        : model.arrays(manager, inputs);
  }

  @Override
  public Losses losses(
      EncoderWithHead<PooledHead> model, List<ClassificationTrainingExample> batch, Step step) {
    List<float[]> inputs = batch.stream().map(ClassificationTrainingExample::input).toList();
    NDArray pooled =
        protocol.encoder().frozen()
            ? step.arraysOrElse(() -> new NDList(stack(step.manager(), inputs))).head()
            : PooledHead.pool(model.features(step, inputs));
    NDArray logits = model.head().logits(step.store(), pooled, true);
    long[] labels = batch.stream().mapToLong(ClassificationTrainingExample::label).toArray();
    NDArray chosen =
        logits.logSoftmax(1).gather(step.manager().create(labels, new Shape(labels.length, 1)), 1);
    NDArray loss = Scalars.over(chosen.sum(), -labels.length);
    return new Losses(loss, Map.of("crossEntropy", loss));
  }

  /** Stacks the vectors to an array with one row for each. */
  static NDArray stack(NDManager manager, List<float[]> vectors) {
    int length = vectors.get(0).length;
    float[] all = new float[vectors.size() * length];
    for (int i = 0; i < vectors.size(); i++) {
      System.arraycopy(vectors.get(i), 0, all, i * length, length);
    }
    return manager.create(all, new Shape(vectors.size(), length));
  }
}
