package downstream.eval.classification;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Type of the classifier. */
enum HeadType {
  /** The nearest training examples; nothing is trained. */
  @JsonProperty("knn")
  KNN,
  /** A linear layer on the pooled features. */
  @JsonProperty("linear")
  LINEAR
}
