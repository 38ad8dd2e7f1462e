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
  /** Another call. */
  @JsonProperty("separate")
  SEPARATE,
  /** Nobody: it was left out. */
  @JsonProperty("none")
  NONE
}
