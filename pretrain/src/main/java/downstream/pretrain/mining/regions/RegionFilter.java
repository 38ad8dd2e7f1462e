package downstream.pretrain.mining.regions;

import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.views.Region;
import java.util.ArrayList;
import java.util.List;

/** Keeps the regions that may be objects (Xie et al. 2021, section 3.2). */
final class RegionFilter {
  private final MiningSettings settings;

  RegionFilter(MiningSettings settings) {
    this.settings = settings;
  }

  /**
   * The first m regions, in the order given, that are large and compact enough and overlap with
   * none that was kept before by more than the limit. If none passes, the first region.
   *
   * @param regions at least one
   * @param longer side of the image in pixels
   */
  List<Region> kept(List<Region> regions, int longer) {
    List<Region> kept = new ArrayList<>();
    for (Region region : regions) {
      if (kept.size() == settings.regions()) {
        break;
      }
      if (isObjectLike(region, longer)
          && kept.stream().allMatch(other -> region.iou(other) <= settings.maxIou())) {
        kept.add(region);
      }
    }
    return kept.isEmpty() ? List.of(regions.get(0)) : List.copyOf(kept);
  }

  private boolean isObjectLike(Region region, int longer) {
    int least = Math.min(region.width(), region.height());
    int most = Math.max(region.width(), region.height());
    return (double) least / longer >= settings.minSideFraction()
        && (double) most / least <= settings.maxAspectRatio();
  }
}
