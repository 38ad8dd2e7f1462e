package downstream.eval.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutlineTest {
  @Test
  void a_rectangle_has_four_corners() {
    boolean[] mask = mask(".....", ".###.", ".###.");
    assertThat(Outline.of(mask, 5)).containsExactly(List.of(1, 1, 4, 1, 4, 3, 1, 3));
  }

  @Test
  void parts_that_touch_at_a_corner_are_apart() {
    assertThat(Outline.of(mask("#.", ".#"), 2))
        .containsExactly(List.of(0, 0, 1, 0, 1, 1, 0, 1), List.of(1, 1, 2, 1, 2, 2, 1, 2));
  }

  @Test
  void a_hole_is_cut_open() {
    boolean[] mask = mask("###", "#.#", "###");
    List<List<Integer>> polygons = Outline.of(mask, 3);
    assertThat(polygons).hasSize(2);
    assertThat(fill(polygons, 3, 3)).isEqualTo(mask);
  }

  @Test
  void nothing_has_no_outline() {
    assertThat(Outline.of(new boolean[12], 4)).isEmpty();
  }

  @Test
  void polygons_cover_exactly_the_mask() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      int width = 1 + random.nextInt(12);
      int height = 1 + random.nextInt(12);
      double density = random.nextDouble();
      boolean[] mask = new boolean[width * height];
      long pixels = 0;
      for (int i = 0; i < mask.length; i++) {
        mask[i] = random.nextDouble() < density;
        pixels += mask[i] ? 1 : 0;
      }
      List<List<Integer>> polygons = Outline.of(mask, width);
      assertThat(polygons.stream().mapToLong(Outline::doubleArea).sum()).isEqualTo(2 * pixels);
      assertThat(polygons).allMatch(polygon -> Outline.doubleArea(polygon) > 0);
      assertThat(fill(polygons, width, height)).isEqualTo(mask);
    }
  }

  /** Which pixel centres lie in one of the polygons: counts the edges to the left of each. */
  static boolean[] fill(List<List<Integer>> polygons, int width, int height) {
    boolean[] mask = new boolean[width * height];
    for (List<Integer> polygon : polygons) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          mask[y * width + x] |= inside(polygon, x + 0.5, y + 0.5);
        }
      }
    }
    return mask;
  }

  private static boolean inside(List<Integer> polygon, double x, double y) {
    boolean inside = false;
    int n = polygon.size();
    for (int i = 0; i < n; i += 2) {
      double fromY = polygon.get(i + 1);
      double toY = polygon.get((i + 3) % n);
      boolean crosses = fromY > y != toY > y;
      inside ^= crosses && polygon.get(i) < x;
    }
    return inside;
  }

  private static boolean[] mask(String... rows) {
    String all = String.join("", rows);
    boolean[] mask = new boolean[all.length()];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = all.charAt(i) == '#';
    }
    return mask;
  }
}
