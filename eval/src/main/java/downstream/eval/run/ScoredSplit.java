package downstream.eval.run;

import downstream.eval.Digest;
import downstream.eval.data.ImageSet;

/**
 * One evaluation split together with the training split that its model saw.
 *
 * @param data the data set's name
 * @param name the split's name
 */
record ScoredSplit(String data, String name, ImageSet train, ImageSet evaluation) {
  /** Digest over both splits: scores after other training data are never ranked together. */
  String fingerprint() {
    return new Digest().add(train.fingerprint()).add(evaluation.fingerprint()).hex();
  }
}
