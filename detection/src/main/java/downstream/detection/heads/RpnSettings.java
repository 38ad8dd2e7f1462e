package downstream.detection.heads;

import static downstream.eval.Checks.atLeast;
import static downstream.eval.Checks.check;
import static downstream.eval.Checks.fraction;
import static downstream.eval.Checks.or;
import static downstream.eval.Checks.positive;

import java.util.List;

/**
 * Group {@code rpn} of a detection protocol: a region proposal network (Ren et al. 2015). Defaults
 * are Detectron2's for feature pyramids; names are torchvision's.
 *
 * @param anchorScale side of the square anchor in strides of its level; 8
 * @param anchorRatios height / width of the anchors of a cell; 0.5, 1, 2
 * @param convolutions 3×3 convolutions before the two predictors; 1
 * @param batchSizePerImage anchors of an image that the loss samples; 256
 * @param positiveFraction largest fraction of them that overlaps objects, [0, 1]; 0.5
 * @param backgroundIou an anchor whose IoU with every object is lower is background; 0.3
 * @param foregroundIou an anchor whose IoU with an object is this or more learns it; 0.7
 * @param preNmsTopTrain strongest anchors of a level that enter non-maximum suppression in
 *     training; 2000
 * @param preNmsTopTest the same in prediction; 1000
 * @param postNmsTopTrain proposals of an image in training; 1000
 * @param postNmsTopTest the same in prediction; 1000
 * @param nmsIou a proposal whose IoU with a stronger one of its level is higher is dropped; 0.7
 */
public record RpnSettings(
    Double anchorScale,
    List<Double> anchorRatios,
    Integer convolutions,
    Integer batchSizePerImage,
    Double positiveFraction,
    Double backgroundIou,
    Double foregroundIou,
    Integer preNmsTopTrain,
    Integer preNmsTopTest,
    Integer postNmsTopTrain,
    Integer postNmsTopTest,
    Double nmsIou) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public RpnSettings {
    anchorScale = or(anchorScale, 8.0);
    anchorRatios = List.copyOf(or(anchorRatios, List.of(0.5, 1.0, 2.0)));
    convolutions = or(convolutions, 1);
    batchSizePerImage = or(batchSizePerImage, 256);
    positiveFraction = or(positiveFraction, 0.5);
    backgroundIou = or(backgroundIou, 0.3);
    foregroundIou = or(foregroundIou, 0.7);
    preNmsTopTrain = or(preNmsTopTrain, 2000);
    preNmsTopTest = or(preNmsTopTest, 1000);
    postNmsTopTrain = or(postNmsTopTrain, 1000);
    postNmsTopTest = or(postNmsTopTest, 1000);
    nmsIou = or(nmsIou, 0.7);

    positive(anchorScale, "rpn.anchorScale");
    check(
        !anchorRatios.isEmpty() && anchorRatios.stream().allMatch(r -> r > 0),
        "rpn.anchorRatios",
        anchorRatios,
        "numbers > 0");
    atLeast(convolutions, 1, "rpn.convolutions");
    atLeast(batchSizePerImage, 1, "rpn.batchSizePerImage");
    fraction(positiveFraction, "rpn.positiveFraction");
    fraction(backgroundIou, "rpn.backgroundIou");
    check(
        foregroundIou >= backgroundIou && foregroundIou <= 1,
        "rpn.foregroundIou",
        foregroundIou,
        "in [rpn.backgroundIou, 1]");
    atLeast(preNmsTopTrain, 1, "rpn.preNmsTopTrain");
    atLeast(preNmsTopTest, 1, "rpn.preNmsTopTest");
    atLeast(postNmsTopTrain, 1, "rpn.postNmsTopTrain");
    atLeast(postNmsTopTest, 1, "rpn.postNmsTopTest");
    fraction(nmsIou, "rpn.nmsIou");
  }
}
