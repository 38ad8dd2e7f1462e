package downstream.segmentation.heads;

import java.util.List;

/**
 * What a protocol says of its head.
 *
 * @param name one of {@link SegmentationHeads#NAMES}
 * @param width channels of the hidden layers; 0 for {@code linear}, which has none
 * @param concat whether {@code fcn} sees the encoder's map beside its own before it decides
 * @param auxiliary weight of the loss of an auxiliary head on the map before the last; 0 for none
 * @param auxiliaryWidth channels of its hidden layer
 * @param dropout share of channels that are 0 before the decision, in training
 * @param blocks which blocks of a plain transformer are read, as shares of its depth, ascending;
 *     encoders with maps of several strides give those
 */
public record HeadSettings(
    String name,
    int width,
    boolean concat,
    double auxiliary,
    int auxiliaryWidth,
    double dropout,
    List<Double> blocks) {
  public HeadSettings {
    blocks = List.copyOf(blocks);
  }

  /** Whether training needs a second map. */
  boolean hasAuxiliary() {
    return auxiliary > 0;
  }
}
