package downstream.detection.heads;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The regions of a batch that the second stage learns from (Ren et al. 2015; objects' own boxes
 * stand among the proposals, as in published code), and what each should say.
 *
 * <p>Host data: the arrays are not copied.
 */
final class RegionSamples {
  final Regions regions;

  /** By region: the object to learn, or {@link Target#BACKGROUND}. */
  final List<Target> objects;

  private RegionSamples(Regions regions, List<Target> objects) {
    this.regions = regions;
    this.objects = objects;
  }

  /**
   * Draws the regions of every image.
   *
   * @param proposals corners, of each image
   */
  static RegionSamples draw(
      RoiSettings roi,
      List<float[]> proposals,
      List<List<Target>> objects,
      RandomGenerator random) {
    Matcher matcher = new Matcher(roi.iou(), roi.iou(), false);
    Sampler sampler = new Sampler(roi.perImage(), roi.positiveShare());
    List<float[]> drawn = new ArrayList<>();
    List<Target> learned = new ArrayList<>();
    for (int image = 0; image < proposals.size(); image++) {
      float[] truth = Target.corners(objects.get(image));
      float[] candidates = joined(proposals.get(image), truth);
      int[] matched = matcher.match(candidates, truth);
      int[] rows = sampler.draw(matched, random).all();
      drawn.add(Corners.take(candidates, rows));
      for (int row : rows) {
        learned.add(matched[row] >= 0 ? objects.get(image).get(matched[row]) : Target.BACKGROUND);
      }
    }
    return new RegionSamples(Regions.of(drawn), learned);
  }

  private static float[] joined(float[] first, float[] second) {
    float[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** Rows of the regions that are objects'. */
  int[] positives() {
    return IntStream.range(0, objects.size()).filter(this::isObject).toArray();
  }

  boolean isObject(int region) {
    return !objects.get(region).isBackground();
  }
}
