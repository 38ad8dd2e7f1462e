package downstream.detection.heads;

import static downstream.detection.heads.Checks.check;
import static downstream.detection.heads.Checks.or;

import downstream.eval.Json;
import java.util.List;

/**
 * A region proposal network (Ren et al. 2015); what is absent takes Detectron2's value for feature
 * pyramids.
 *
 * @param anchorScale side of the square anchor in strides of its level; 8
 * @param anchorRatios height / width of the anchors of a cell; 0.5, 1, 2
 * @param convolutions 3×3 convolutions before the two predictors; 1
 * @param perImage anchors of an image that the loss looks at; 256
 * @param positiveShare at most this share of them are objects'; 0.5
 * @param low an anchor that overlaps every object by less is background; 0.3
 * @param high one that overlaps an object by as much or more is that object's; 0.7
 * @param trainPerLevel anchors of a level that go into suppression in training; 2000
 * @param testPerLevel in prediction; 1000
 * @param trainProposals proposals of an image in training; 1000
 * @param testProposals in prediction; 1000
 * @param suppressionIou a proposal that overlaps a stronger one of its level by more is dropped;
 *     0.7
 */
public record RpnSettings(
    Double anchorScale,
    List<Double> anchorRatios,
    Integer convolutions,
    Integer perImage,
    Double positiveShare,
    Double low,
    Double high,
    Integer trainPerLevel,
    Integer testPerLevel,
    Integer trainProposals,
    Integer testProposals,
    Double suppressionIou) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public RpnSettings {
    anchorScale = or(anchorScale, 8.0);
    anchorRatios = List.copyOf(or(anchorRatios, List.of(0.5, 1.0, 2.0)));
    convolutions = or(convolutions, 1);
    perImage = or(perImage, 256);
    positiveShare = or(positiveShare, 0.5);
    low = or(low, 0.3);
    high = or(high, 0.7);
    trainPerLevel = or(trainPerLevel, 2000);
    testPerLevel = or(testPerLevel, 1000);
    trainProposals = or(trainProposals, 1000);
    testProposals = or(testProposals, 1000);
    suppressionIou = or(suppressionIou, 0.7);

    Checks.positive(anchorScale, "rpn.anchorScale");
    check(
        !anchorRatios.isEmpty() && anchorRatios.stream().allMatch(r -> r > 0),
        "rpn.anchorRatios",
        anchorRatios,
        "numbers > 0");
    Checks.atLeast(convolutions, 1, "rpn.convolutions");
    Checks.atLeast(perImage, 1, "rpn.perImage");
    Checks.share(positiveShare, "rpn.positiveShare");
    Checks.share(low, "rpn.low");
    check(high >= low && high <= 1, "rpn.high", high, "in [rpn.low, 1]");
    Checks.atLeast(trainPerLevel, 1, "rpn.trainPerLevel");
    Checks.atLeast(testPerLevel, 1, "rpn.testPerLevel");
    Checks.atLeast(trainProposals, 1, "rpn.trainProposals");
    Checks.atLeast(testProposals, 1, "rpn.testProposals");
    Checks.share(suppressionIou, "rpn.suppressionIou");
  }

  /** With every default. */
  static RpnSettings defaults() {
    return Json.as("rpn", Json.MAPPER.createObjectNode(), RpnSettings.class);
  }
}
