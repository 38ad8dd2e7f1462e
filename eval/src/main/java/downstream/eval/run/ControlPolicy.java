package downstream.eval.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who scores the same graph with random weights, the control of an encoder. */
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
