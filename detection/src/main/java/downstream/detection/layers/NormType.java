package downstream.detection.layers;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Norms of new layers. */
public enum NormType {
  /** Layers without a norm; convolutions have a bias instead. */
  @JsonProperty("none")
  NONE,
  /** Batch norm. */
  @JsonProperty("batch")
  BATCH,
  /** Group norm of 32 groups, fewer where a group would have less than 8 channels. */
  @JsonProperty("group")
  GROUP,
  /** Layer norm over the channels of a cell. */
  @JsonProperty("layer")
  LAYER
}
