package downstream.detection.heads;

import downstream.detection.boxes.Boxes;
import downstream.detection.boxes.RoiBatch;
import downstream.detection.targets.BalancedSampler;
import downstream.detection.targets.Matcher;
import downstream.detection.targets.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The regions of a batch that the second stage learns from (Ren et al. 2015; objects' own boxes
 * stand among the proposals, as in published code), and the target of each.
 *
 * <p>Host data: the arrays are not copied.
 */
final class SampledProposals {
  final RoiBatch regions;

  /** Object to learn by region, or {@link Target#BACKGROUND}. */
  final List<Target> targets;

  private SampledProposals(RoiBatch regions, List<Target> targets) {
    this.regions = regions;
    this.targets = targets;
  }

  /**
   * Draws the regions of every image.
   *
   * @param proposals corners, of each image
   */
  static SampledProposals draw(
      RoiSettings roi,
      List<float[]> proposals,
      List<List<Target>> objects,
      RandomGenerator random) {
    Matcher matcher = new Matcher(roi.foregroundIou(), roi.foregroundIou(), false);
    BalancedSampler sampler = new BalancedSampler(roi.batchSizePerImage(), roi.positiveFraction());
    List<float[]> sampled = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    for (int image = 0; image < proposals.size(); image++) {
      float[] groundTruth = Target.corners(objects.get(image));
      float[] candidates = joined(proposals.get(image), groundTruth);
      int[] matched = matcher.match(candidates, groundTruth);
      int[] rows = sampler.draw(matched, random).all();
      sampled.add(Boxes.take(candidates, rows));
      for (int row : rows) {
        targets.add(matched[row] >= 0 ? objects.get(image).get(matched[row]) : Target.BACKGROUND);
      }
    }
    return new SampledProposals(RoiBatch.of(sampled), targets);
  }

  private static float[] joined(float[] first, float[] second) {
    float[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** Rows of the regions that are objects'. */
  int[] positives() {
    return IntStream.range(0, targets.size()).filter(this::isObject).toArray();
  }

  boolean isObject(int region) {
    return !targets.get(region).isBackground();
  }
}
