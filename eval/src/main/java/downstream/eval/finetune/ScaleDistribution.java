package downstream.eval.finetune;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Distribution from which the scale of a training image is drawn. */
public enum ScaleDistribution {
  /** Every scale is equally likely. */
  @JsonProperty("uniform")
  UNIFORM,
  /** Every logarithm of a scale is equally likely: half and double size come equally often. */
  @JsonProperty("log-uniform")
  LOG_UNIFORM
}
