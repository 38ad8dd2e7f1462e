package downstream.eval.finetune;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Decay of the learning rate after the warm-up. */
public enum ScheduleType {
  /** Half a cosine. */
  @JsonProperty("cosine")
  COSINE,
  /** A tenth of the rate before, at each milestone. */
  @JsonProperty("step")
  STEP,
  /** A power of the share of the steps that is left. */
  @JsonProperty("polynomial")
  POLYNOMIAL,
  /** No decay. */
  @JsonProperty("constant")
  CONSTANT
}
