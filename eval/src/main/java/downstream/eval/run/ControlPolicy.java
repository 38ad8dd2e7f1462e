package downstream.eval.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Party that scores the random-init control of an encoder: the same graph with random weights. */
public enum ControlPolicy {
  /** The same call, unless such a run is stored. */
  @JsonProperty("with")
  WITH,
  /** The same call, and nothing else. */
  @JsonProperty("only")
  ONLY,
  /** A separate call of {@code eval} scores it. */
  @JsonProperty("separate")
  SEPARATE,
  /** Nobody scores it: it was left out. */
  @JsonProperty("none")
  NONE
}
