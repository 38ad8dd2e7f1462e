package downstream.detection.heads;

import static downstream.eval.Checks.atLeast;
import static downstream.eval.Checks.fraction;
import static downstream.eval.Checks.notNegative;
import static downstream.eval.Checks.or;
import static downstream.eval.Checks.positive;

/**
 * Group {@code roi} of a detection protocol, the second stage: boxes, classes and masks of
 * proposals (Ren et al. 2015; He et al. 2017). Defaults are Detectron2's for feature pyramids.
 *
 * @param batchSizePerImage proposals of an image that the loss samples; 512
 * @param positiveFraction largest fraction of them that overlaps objects, [0, 1]; 0.25
 * @param foregroundIou a proposal whose IoU with an object is this or more learns it, others are
 *     background; 0.5
 * @param samplingRatio RoIAlign's samples of a bin along each axis; 0: as many as it spans cells
 * @param canonicalSize side of the region that is pooled from the level of stride 16, pixels; 224
 * @param head {@code 2fc} (two linear layers) or {@code 4conv1fc} (four convolutions with the
 *     protocol's norm, one linear layer); {@code 2fc}
 * @param fcWidth units of its linear layers; 1024
 * @param smoothL1Beta box errors below it are squared; 0: none is
 * @param maskConvolutions 3×3 convolutions of the mask head; 4
 */
public record RoiSettings(
    Integer batchSizePerImage,
    Double positiveFraction,
    Double foregroundIou,
    Integer samplingRatio,
    Double canonicalSize,
    BoxHeadType head,
    Integer fcWidth,
    Double smoothL1Beta,
    Integer maskConvolutions) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public RoiSettings {
    batchSizePerImage = or(batchSizePerImage, 512);
    positiveFraction = or(positiveFraction, 0.25);
    foregroundIou = or(foregroundIou, 0.5);
    samplingRatio = or(samplingRatio, 0);
    canonicalSize = or(canonicalSize, 224.0);
    head = or(head, BoxHeadType.TWO_LINEAR);
    fcWidth = or(fcWidth, 1024);
    smoothL1Beta = or(smoothL1Beta, 0.0);
    maskConvolutions = or(maskConvolutions, 4);

    atLeast(batchSizePerImage, 1, "roi.batchSizePerImage");
    fraction(positiveFraction, "roi.positiveFraction");
    fraction(foregroundIou, "roi.foregroundIou");
    atLeast(samplingRatio, 0, "roi.samplingRatio");
    positive(canonicalSize, "roi.canonicalSize");
    atLeast(fcWidth, 1, "roi.fcWidth");
    notNegative(smoothL1Beta, "roi.smoothL1Beta");
    atLeast(maskConvolutions, 1, "roi.maskConvolutions");
  }
}
