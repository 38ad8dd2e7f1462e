package downstream.detection.heads;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The detectors of this module. */
public enum DetectionHeadType {
  /** Faster R-CNN (Ren et al. 2015) on a feature pyramid. */
  @JsonProperty("faster-rcnn")
  FASTER_RCNN("faster-rcnn"),
  /** FCOS (Tian et al. 2019). */
  @JsonProperty("fcos")
  FCOS("fcos"),
  /** Mask R-CNN (He et al. 2017) on a feature pyramid. */
  @JsonProperty("mask-rcnn")
  MASK_RCNN("mask-rcnn");

  private final String id;

  DetectionHeadType(String id) {
    this.id = id;
  }

  /** Tells whether the detector pools regions: a proposal network and a second stage. */
  public boolean hasRegions() {
    return this != FCOS;
  }

  /** Tells whether the detector predicts masks. */
  public boolean hasMasks() {
    return this == MASK_RCNN;
  }

  @Override
  public String toString() {
    return id;
  }
}
