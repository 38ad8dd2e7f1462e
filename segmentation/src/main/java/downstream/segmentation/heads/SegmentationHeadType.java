package downstream.segmentation.heads;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The heads of this module. */
public enum SegmentationHeadType {
  /** A fully convolutional head (Long et al. 2015). */
  @JsonProperty("fcn")
  FCN,
  /** Batch norm and one 1×1 convolution. */
  @JsonProperty("linear")
  LINEAR,
  /** UPerNet (Xiao et al. 2018). */
  @JsonProperty("upernet")
  UPERNET
}
