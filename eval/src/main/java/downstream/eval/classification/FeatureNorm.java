package downstream.eval.classification;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Normalisation of the pooled features before a linear layer. */
enum FeatureNorm {
  /** Batch norm without scale and shift, as in MAE's linear probe. */
  @JsonProperty("batch")
  BATCH,
  /** No normalisation. */
  @JsonProperty("none")
  NONE
}
