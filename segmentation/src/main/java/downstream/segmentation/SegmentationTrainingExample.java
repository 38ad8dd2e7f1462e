package downstream.segmentation;

/** One training image in host memory, ready for the encoder; not a record, for it holds arrays. */
final class SegmentationTrainingExample {
  private final float[] input;
  private final byte[] labels;

  /**
   * @param input what the backbone reads: normalised pixels, or cached features
   * @param labels S·S classes in raster order, 255 where there is none
   */
  SegmentationTrainingExample(float[] input, byte[] labels) {
    this.input = input;
    this.labels = labels;
  }

  float[] input() {
    return input;
  }

  byte[] labels() {
    return labels;
  }
}
