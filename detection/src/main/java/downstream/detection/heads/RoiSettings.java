package downstream.detection.heads;

import static downstream.detection.heads.Checks.check;
import static downstream.detection.heads.Checks.or;

import downstream.eval.Json;

/**
 * The second stage: boxes, classes and masks of proposals (Ren et al. 2015; He et al. 2017); what
 * is absent takes Detectron2's value for feature pyramids.
 *
 * @param perImage regions of an image that the loss looks at; 512
 * @param positiveShare at most this share of them are objects'; 0.25
 * @param iou a region that overlaps an object by as much or more is that object's; 0.5
 * @param samples of a RoIAlign bin along each axis; 0: as many as it spans cells
 * @param canonical side of the region that is pooled from the level of stride 16, pixels; 224
 * @param head {@code 2fc}, or {@code 4conv1fc} whose convolutions have the protocol's norm; 2fc
 * @param units of its linear layers; 1024
 * @param smoothL1 error below which the box losses are squares; 0: none is
 * @param maskConvolutions 3×3 convolutions of the mask head; 4
 */
public record RoiSettings(
    Integer perImage,
    Double positiveShare,
    Double iou,
    Integer samples,
    Double canonical,
    String head,
    Integer units,
    Double smoothL1,
    Integer maskConvolutions) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public RoiSettings {
    perImage = or(perImage, 512);
    positiveShare = or(positiveShare, 0.25);
    iou = or(iou, 0.5);
    samples = or(samples, 0);
    canonical = or(canonical, 224.0);
    head = or(head, "2fc");
    units = or(units, 1024);
    smoothL1 = or(smoothL1, 0.0);
    maskConvolutions = or(maskConvolutions, 4);

    Checks.atLeast(perImage, 1, "roi.perImage");
    Checks.share(positiveShare, "roi.positiveShare");
    Checks.share(iou, "roi.iou");
    Checks.atLeast(samples, 0, "roi.samples");
    Checks.positive(canonical, "roi.canonical");
    check(head.equals("2fc") || head.equals("4conv1fc"), "roi.head", head, "2fc or 4conv1fc");
    Checks.atLeast(units, 1, "roi.units");
    Checks.notNegative(smoothL1, "roi.smoothL1");
    Checks.atLeast(maskConvolutions, 1, "roi.maskConvolutions");
  }

  /** With every default. */
  static RoiSettings defaults() {
    return Json.as("roi", Json.MAPPER.createObjectNode(), RoiSettings.class);
  }
}
