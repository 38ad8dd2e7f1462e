package downstream.segmentation;

/**
 * One training picture in host memory, ready for the encoder; not a record, for it holds arrays.
 */
final class SegmentationExample {
  private final float[] planes;
  private final byte[] labels;

  /**
   * @param planes 3·S·S values, channel by channel, normalised
   * @param labels S·S classes in raster order, 255 where there is none
   */
  SegmentationExample(float[] planes, byte[] labels) {
    this.planes = planes;
    this.labels = labels;
  }

  float[] planes() {
    return planes;
  }

  byte[] labels() {
    return labels;
  }
}
