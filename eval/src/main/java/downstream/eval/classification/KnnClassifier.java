package downstream.eval.classification;

import ai.djl.ndarray.NDManager;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.Backbone;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.frozen.FrozenBackbone;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import java.nio.file.Path;
import java.util.List;

/**
 * A k-nearest-neighbour classifier on frozen features. Nothing is trained. What the run's seed
 * draws is the part of the training images whose examples vote, so that several seeds show how much
 * the result depends on the labelled images at hand.
 */
final class KnnClassifier implements FittedModel {
  private final ClassificationProtocol protocol;
  private final NDManager manager;
  private final Backbone backbone;
  private final NeighbourBank bank;
  private final NearestNeighbours neighbours;

  private KnnClassifier(
      ClassificationProtocol protocol,
      NDManager manager,
      Backbone backbone,
      LabelledCrops examples,
      long seed) {
    this.protocol = protocol;
    this.manager = manager;
    this.backbone = backbone;
    double fraction = protocol.knn().bankFraction();
    bank = NeighbourBank.draw(examples, features(examples), fraction, seed);
    neighbours = bank.neighbours(examples.classes().size(), protocol.knn());
  }

  /** Computes the features of all training examples and keeps those that vote. */
  static KnnClassifier fit(FitRequest fit, ClassificationProtocol protocol) {
    LabelledCrops examples = protocol.examples(fit.train());
    EncoderFile encoder = EncoderRewrites.atSize(fit.encoder(), protocol.imageSize());
    List<FeatureLevel> levels = encoder.spec().levels();
    List<FeatureLevel> last = List.of(levels.get(levels.size() - 1));
    Backbone backbone =
        new FrozenBackbone(encoder, last, fit.features(), fit.threads(), fit.device());
    NDManager manager = fit.device().newManager();
    try {
      return new KnnClassifier(protocol, manager, backbone, examples, fit.seed());
    } catch (RuntimeException e) {
      backbone.close();
      manager.close();
      throw e;
    }
  }

  private float[][] features(LabelledCrops examples) {
    return PooledFeatures.of(backbone, manager, new CropInputs(examples, false, backbone.spec()));
  }

  @Override
  public void predict(ImageSet set, Path predictions) {
    LabelledCrops examples = protocol.examples(set);
    float[][] features = features(examples);
    PredictionFile.write(predictions, examples, i -> neighbours.votes(features[i]));
  }

  @Override
  public List<String> notes() {
    return bank.notes();
  }

  @Override
  public String digest() {
    return bank.digest();
  }

  @Override
  public void close() {
    backbone.close();
    manager.close();
  }
}
