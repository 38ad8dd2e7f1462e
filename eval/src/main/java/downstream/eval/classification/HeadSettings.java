package downstream.eval.classification;

import static downstream.eval.Checks.check;
import static downstream.eval.Checks.or;

/**
 * Group {@code head} of a protocol.
 *
 * @param type {@code linear} or {@code knn}; {@code linear}
 * @param featureNorm {@code batch} or {@code none} before the linear layer; {@code none}
 */
record HeadSettings(HeadType type, FeatureNorm featureNorm) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  HeadSettings {
    type = or(type, HeadType.LINEAR);
    featureNorm = or(featureNorm, FeatureNorm.NONE);
    check(
        type == HeadType.LINEAR || featureNorm == FeatureNorm.NONE,
        "head.featureNorm",
        "batch",
        "none for type knn");
  }

  boolean knn() {
    return type == HeadType.KNN;
  }
}
