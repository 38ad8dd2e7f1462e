package downstream.segmentation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an image is seen in prediction. */
enum InferenceMode {
  /** Once, whole: its longer side fills the square. */
  @JsonProperty("whole")
  WHOLE,
  /** Inference in overlapping windows; the shorter side fills the square. */
  @JsonProperty("slide")
  SLIDE
}
