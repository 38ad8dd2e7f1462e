package downstream.segmentation.heads;

import static downstream.eval.Checks.check;
import static downstream.eval.Checks.or;

import java.util.List;

/**
 * Group {@code head} of a segmentation protocol.
 *
 * @param type {@code fcn}, {@code linear} or {@code upernet}; {@code fcn}
 * @param width channels of the hidden layers; 64, for {@code linear} 0: it has none
 * @param concat whether {@code fcn} sees the encoder's map beside its own before it decides, as in
 *     mmseg; false
 * @param auxiliaryWeight weight of the loss of an auxiliary head on the map before the last; 0 for
 *     no such head; 0.4, for {@code linear} 0
 * @param auxiliaryWidth channels of its hidden layer; width, without an auxiliary head 0
 * @param dropout fraction of the channels that are 0 before the decision, in training, [0, 1); 0
 * @param outBlocks blocks of a plain transformer whose outputs are read, as fractions of its depth,
 *     ascending; encoders with several feature levels give those; 0.25, 0.5, 0.75, 1
 */
public record HeadSettings(
    SegmentationHeadType type,
    Integer width,
    Boolean concat,
    Double auxiliaryWeight,
    Integer auxiliaryWidth,
    Double dropout,
    List<Double> outBlocks) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public HeadSettings {
    type = or(type, SegmentationHeadType.FCN);
    boolean linear = type == SegmentationHeadType.LINEAR;
    width = or(width, linear ? 0 : 64);
    concat = or(concat, false);
    auxiliaryWeight = or(auxiliaryWeight, linear ? 0.0 : 0.4);
    auxiliaryWidth = or(auxiliaryWidth, auxiliaryWeight > 0 ? width : 0);
    dropout = or(dropout, 0.0);
    outBlocks = List.copyOf(or(outBlocks, List.of(0.25, 0.5, 0.75, 1.0)));
    check(linear ? width == 0 : width > 0, "head.width", width, "0 for type linear, else > 0");
    check(
        type == SegmentationHeadType.FCN || !concat,
        "head.concat",
        concat,
        "false for types linear and upernet");
    check(
        linear
            ? auxiliaryWeight == 0
            : auxiliaryWeight >= 0 && auxiliaryWeight < Double.POSITIVE_INFINITY,
        "head.auxiliaryWeight",
        auxiliaryWeight,
        "0 for type linear, else ≥ 0");
    check(
        auxiliaryWeight > 0 ? auxiliaryWidth > 0 : auxiliaryWidth == 0,
        "head.auxiliaryWidth",
        auxiliaryWidth,
        "> 0 with an auxiliary head, else 0");
    check(dropout >= 0 && dropout < 1, "head.dropout", dropout, "in [0, 1)");
    check(
        ascending(outBlocks),
        "head.outBlocks",
        outBlocks,
        "two or more ascending fractions in (0, 1]");
  }

  private static boolean ascending(List<Double> fractions) {
    double before = 0;
    for (double fraction : fractions) {
      if (!(fraction > before && fraction <= 1)) {
        return false;
      }
      before = fraction;
    }
    return fractions.size() > 1;
  }

  /** Tells whether training needs a second map. */
  boolean hasAuxiliary() {
    return auxiliaryWeight > 0;
  }
}
