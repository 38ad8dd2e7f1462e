package downstream.detection.heads;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Box heads of the second stage. */
public enum BoxHeadType {
  /** Two linear layers (Lin et al. 2017). */
  @JsonProperty("2fc")
  TWO_LINEAR,
  /** Four 3×3 convolutions with a norm, then one linear layer (Wu and He 2018). */
  @JsonProperty("4conv1fc")
  FOUR_CONVOLUTIONS
}
