package downstream.eval.classification;

import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.data.ImageSet;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.train.Gradients;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A trained linear classifier on an encoder; its scores are class probabilities. */
final class LinearClassifier implements FittedModel {
  private final ClassificationProtocol protocol;
  private final EncoderWithHead<PooledHead> model;

  private LinearClassifier(ClassificationProtocol protocol, EncoderWithHead<PooledHead> model) {
    this.protocol = protocol;
    this.model = model;
  }

  static LinearClassifier fit(FitRequest fit, ClassificationProtocol protocol) throws IOException {
    ClassifierTraining training = new ClassifierTraining(protocol, protocol.examples(fit.train()));
    return new LinearClassifier(
        protocol, EncoderWithHead.train(fit, protocol.training(), training));
  }

  @Override
  public void predict(ImageSet set, Path predictions) {
    LabelledCrops examples = protocol.examples(set);
    float[][] pooled = PooledFeatures.of(model, new CropInputs(examples, false, model.spec()));
    double[][] probabilities = Gradients.without(() -> probabilities(pooled));
    TopClassesFile.write(predictions, examples, i -> probabilities[i]);
  }

  private double[][] probabilities(float[][] pooled) {
    try (NDManager scope = model.newScope()) {
      ParameterStore store = new ParameterStore(scope, false);
      var logits =
          model.head().logits(store, ClassifierTraining.stack(scope, List.of(pooled)), false);
      float[] values = logits.softmax(1).toFloatArray();
      int classes = values.length / pooled.length;
      double[][] probabilities = new double[pooled.length][classes];
      for (int i = 0; i < values.length; i++) {
        probabilities[i / classes][i % classes] = values[i];
      }
      return probabilities;
    }
  }

  @Override
  public List<String> notes() {
    return model.notes();
  }

  @Override
  public String digest() {
    return model.digest();
  }

  @Override
  public void close() {
    model.close();
  }
}
