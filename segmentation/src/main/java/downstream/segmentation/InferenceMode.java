package downstream.segmentation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Way of feeding an image to the network in prediction. */
enum InferenceMode {
  /** Whole image at once: its longer side fills the square. */
  @JsonProperty("whole")
  WHOLE,
  /** Inference in overlapping windows; the shorter side fills the square. */
  @JsonProperty("slide")
  SLIDE
}
