package downstream.eval.data;

import java.util.Map;
import java.util.TreeMap;

/**
 * A data set for fine-tuning and scoring: one split to train on, any number of named splits to
 * score on.
 *
 * @param evaluation split name ({@code val}, {@code day}) to split; not empty
 */
public record DataSet(String name, ImageSet train, Map<String, ImageSet> evaluation) {
  public DataSet {
    evaluation = java.util.Collections.unmodifiableMap(new TreeMap<>(evaluation));
  }
}
