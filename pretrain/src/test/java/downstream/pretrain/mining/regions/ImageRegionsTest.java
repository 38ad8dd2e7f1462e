package downstream.pretrain.mining.regions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.views.Region;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageRegionsTest {
  private static final int LONGER = 640;
  private static final Region PASSES = new Region(0, 320, 200, 160);

  private static List<Region> kept(Region... regions) {
    return ImageRegions.filter(MiningSettings.ORL, List.of(regions), LONGER, LONGER);
  }

  /** As in the code of ORL's authors: 96 pixels of 640. */
  @ParameterizedTest
  @CsvSource({
    "96, 96, true",
    "95, 200, false",
    "200, 95, false",
    "300, 100, true",
    "301, 100, false"
  })
  void sides_and_aspect_ratio_limit_what_is_kept(int width, int height, boolean kept) {
    Region region = new Region(300, 0, width, height);
    assertThat(kept(PASSES, region).contains(region)).isEqualTo(kept);
  }

  @Test
  void overlap_of_exactly_one_half_is_kept() {
    Region whole = new Region(0, 0, 200, 200);
    Region half = new Region(0, 0, 200, 100);
    Region more = new Region(0, 0, 200, 101);
    assertThat(half.iou(whole)).isEqualTo(.5);
    assertThat(kept(whole, half)).containsExactly(whole, half);
    assertThat(kept(whole, more)).containsExactly(whole);
  }

  @Test
  void what_was_dropped_does_not_keep_others_out() {
    Region first = new Region(0, 0, 200, 200);
    Region dropped = new Region(0, 60, 200, 200);
    Region third = new Region(0, 120, 200, 200);
    assertThat(dropped.iou(first)).isGreaterThan(.5);
    assertThat(third.iou(dropped)).isGreaterThan(.5);
    assertThat(kept(first, dropped, third)).containsExactly(first, third);
  }

  @Test
  void first_region_stands_in_where_none_passes() {
    Region thin = new Region(0, 0, 640, 10);
    assertThat(kept(thin, new Region(5, 5, 10, 10))).containsExactly(thin);
  }

  /** The last merges of selective search are nearly the whole image. */
  @Test
  void regions_larger_than_the_limit_are_dropped_and_keep_no_others_out() {
    ObjectNode tree = Json.MAPPER.valueToTree(MiningSettings.DEFAULTS);
    tree.put("maxRegionAreaFraction", .5);
    MiningSettings half = Json.as("test", tree, MiningSettings.class);
    Region most = new Region(0, 0, 640, 321);
    Region part = new Region(0, 0, 640, 320);
    assertThat(ImageRegions.filter(half, List.of(most, part), LONGER, LONGER))
        .containsExactly(part);
    assertThat(ImageRegions.filter(half, List.of(most), LONGER, LONGER)).containsExactly(most);
  }

  @Test
  void at_most_m_are_kept_and_small_ones_if_so_set() {
    ObjectNode tree = Json.MAPPER.valueToTree(MiningSettings.DEFAULTS);
    tree.put("regions", 2).put("minRegionSideFraction", 0);
    MiningSettings two = Json.as("test", tree, MiningSettings.class);
    Region a = new Region(0, 0, 10, 10);
    Region b = new Region(20, 0, 10, 10);
    assertThat(ImageRegions.filter(two, List.of(a, b, new Region(40, 0, 10, 10)), LONGER, LONGER))
        .containsExactly(a, b);
  }
}
