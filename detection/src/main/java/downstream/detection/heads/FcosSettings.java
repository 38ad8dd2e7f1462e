package downstream.detection.heads;

import static downstream.eval.Checks.atLeast;
import static downstream.eval.Checks.check;
import static downstream.eval.Checks.fraction;
import static downstream.eval.Checks.notNegative;
import static downstream.eval.Checks.or;
import static downstream.eval.Checks.positive;

/**
 * Group {@code fcos} of a detection protocol (Tian et al. 2019).
 *
 * @param headConvolutions 3×3 convolutions in each of the two towers; 2
 * @param centerSamplingRadius cells within this many strides of an object's center learn it; 1.5
 * @param maxDistanceInStrides the level of stride s learns objects whose farthest side is up to
 *     this many strides away; 4
 * @param focalAlpha weight of positives in the focal loss, [0, 1]; 0.25
 * @param focalGamma exponent of the focal loss; 2
 * @param prior probability of an object that the newly initialised classifier predicts, (0, 1);
 *     0.01
 */
public record FcosSettings(
    Integer headConvolutions,
    Double centerSamplingRadius,
    Double maxDistanceInStrides,
    Double focalAlpha,
    Double focalGamma,
    Double prior) {
  /** Fills in defaults; IllegalArgumentException names the first field that cannot be used. */
  public FcosSettings {
    headConvolutions = or(headConvolutions, 2);
    centerSamplingRadius = or(centerSamplingRadius, 1.5);
    maxDistanceInStrides = or(maxDistanceInStrides, 4.0);
    focalAlpha = or(focalAlpha, 0.25);
    focalGamma = or(focalGamma, 2.0);
    prior = or(prior, 0.01);
    atLeast(headConvolutions, 0, "fcos.headConvolutions");
    positive(centerSamplingRadius, "fcos.centerSamplingRadius");
    positive(maxDistanceInStrides, "fcos.maxDistanceInStrides");
    fraction(focalAlpha, "fcos.focalAlpha");
    notNegative(focalGamma, "fcos.focalGamma");
    check(prior > 0 && prior < 1, "fcos.prior", prior, "in (0, 1)");
  }
}
