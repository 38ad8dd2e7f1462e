package downstream.eval.classification;

import downstream.eval.Closeables;
import downstream.eval.data.ImageSet;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A k-nearest-neighbour classifier on frozen features. Nothing is trained. What the run's seed
 * draws is the part of the training images whose examples vote, so that several seeds show how much
 * the result depends on the labelled images at hand.
 */
final class KnnClassifier implements FittedModel {
  private final ClassificationProtocol protocol;
  private final EncoderWithHead<PooledHead> model;
  private final NeighbourBank bank;
  private final NearestNeighbours neighbours;

  private KnnClassifier(
      ClassificationProtocol protocol, EncoderWithHead<PooledHead> model, NeighbourBank bank) {
    this.protocol = protocol;
    this.model = model;
    this.bank = bank;
    this.neighbours = bank.neighbours();
  }

  /** Computes the features of all training examples and keeps those that vote. */
  static KnnClassifier fit(FitRequest fit, ClassificationProtocol protocol) {
    LabelledCrops examples = protocol.examples(fit.train());
    KnnSettings knn = protocol.knn().orElseThrow();
    EncoderWithHead<PooledHead> model =
        EncoderWithHead.open(fit, protocol.training(), new ClassifierTraining(protocol, examples));
    try {
      NeighbourBank bank = NeighbourBank.draw(examples, features(model, examples), knn, fit.seed());
      return new KnnClassifier(protocol, model, bank);
    } catch (RuntimeException | Error e) {
      Closeables.closeAfter(e, model);
      throw e;
    }
  }

  private static float[][] features(EncoderWithHead<PooledHead> model, LabelledCrops examples) {
    return PooledFeatures.of(model, new CropInputs(examples, false, model.spec()));
  }

  @Override
  public void predict(ImageSet set, Path predictions) {
    LabelledCrops examples = protocol.examples(set);
    float[][] features = features(model, examples);
    TopClassesFile.write(predictions, examples, i -> neighbours.votes(features[i]));
  }

  @Override
  public List<String> notes() {
    List<String> notes = new ArrayList<>(model.notes());
    notes.addAll(bank.notes());
    return notes;
  }

  @Override
  public String digest() {
    return bank.digest();
  }

  @Override
  public void close() {
    model.close();
  }
}
