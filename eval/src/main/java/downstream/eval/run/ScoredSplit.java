package downstream.eval.run;

import downstream.eval.Digest;
import downstream.eval.data.DataSet;
import downstream.eval.data.ImageSet;
import java.util.ArrayList;
import java.util.List;

/**
 * One evaluation split together with the training split that its model saw.
 *
 * @param data the data set's name
 * @param name the split's name
 */
public record ScoredSplit(String data, String name, ImageSet train, ImageSet evaluation) {
  /** Every evaluation split of a data set. */
  public static List<ScoredSplit> of(DataSet data) {
    List<ScoredSplit> splits = new ArrayList<>();
    data.evaluation()
        .forEach((name, set) -> splits.add(new ScoredSplit(data.name(), name, data.train(), set)));
    return splits;
  }

  /** Digest over both splits: scores after other training data are never ranked together. */
  public String fingerprint() {
    return new Digest().add(train.fingerprint()).add(evaluation.fingerprint()).hex();
  }
}
