package downstream.eval.classification;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What stands between pooled features and a linear layer. */
enum FeatureNorm {
  /** Batch norm without scale and shift, as in MAE's linear probe. */
  @JsonProperty("batch")
  BATCH,
  /** Nothing. */
  @JsonProperty("none")
  NONE
}
