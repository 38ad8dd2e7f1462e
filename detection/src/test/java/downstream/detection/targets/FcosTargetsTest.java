package downstream.detection.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.detection.boxes.PyramidShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FcosTargetsTest {
  private static final double RADIUS = 1.5;
  private static final double REACH = 4;
  private static final PyramidShape PYRAMID =
      PyramidShape.of(List.of(4, 8, 16), List.of(24, 12, 6));

  @Test
  void levels_double_their_stride_from_half_the_encoders_on() {
    assertThat(PYRAMID.levels())
        .containsExactly(
            new PyramidShape.Level(4, 24, 0),
            new PyramidShape.Level(8, 12, 576),
            new PyramidShape.Level(16, 6, 720));
    assertThat(PYRAMID.cells()).isEqualTo(756);
  }

  @Test
  void a_lone_object_is_learned_by_the_cells_around_its_centre() {
    // Centre (22, 22), sides 16: distances reach 8 + 6 at most, the finest level's business.
    FcosTargets targets =
        FcosTargets.of(PYRAMID, List.of(new Target(1, 14, 14, 16, 16)), RADIUS, REACH);
    assertThat(targets.positives).isEqualTo(9);
    int centre = 5 * 24 + 5;
    assertThat(targets.category[centre]).isEqualTo(1);
    assertThat(targets.centerness[centre]).isEqualTo(1);
    assertThat(targets.distances[centre]).isEqualTo(2);
    assertThat(targets.category[centre + 1]).isEqualTo(1);
    assertThat(targets.distances[centre + 1]).isEqualTo(3);
    assertThat(targets.distances[2 * 756 + centre + 1]).isEqualTo(1);
    assertThat(targets.centerness[centre + 1]).isCloseTo((float) Math.sqrt(1 / 3.0), within(1e-6f));
    assertThat(targets.category[centre + 2]).isEqualTo(FcosTargets.BACKGROUND);
  }

  @Test
  void large_objects_belong_to_the_coarsest_level() {
    FcosTargets targets =
        FcosTargets.of(PYRAMID, List.of(new Target(0, 4, 4, 88, 88)), RADIUS, REACH);
    for (int cell = 0; cell < 720; cell++) {
      assertThat(targets.category[cell]).isEqualTo(FcosTargets.BACKGROUND);
    }
    assertThat(targets.positives).isPositive();
  }

  @Test
  void the_smaller_of_two_objects_wins() {
    Target small = new Target(1, 16, 16, 12, 12);
    Target large = new Target(0, 12, 12, 20, 20);
    FcosTargets targets = FcosTargets.of(PYRAMID, List.of(small, large), RADIUS, REACH);
    assertThat(targets.category[5 * 24 + 5]).isEqualTo(1);
    assertThat(FcosTargets.of(PYRAMID, List.of(large, small), RADIUS, REACH).category)
        .isEqualTo(targets.category);
  }

  @Test
  void an_image_without_objects_is_all_background() {
    FcosTargets targets = FcosTargets.of(PYRAMID, List.of(), RADIUS, REACH);
    assertThat(targets.positives).isZero();
    assertThat(targets.category).containsOnly(FcosTargets.BACKGROUND);
    assertThat(targets.centerness).containsOnly(0);
  }

  @Test
  void agrees_with_a_slow_assignment_that_asks_every_cell_about_every_object() {
    Random random = new Random(3);
    int positives = 0;
    for (int round = 0; round < 40; round++) {
      List<Target> objects = new ArrayList<>();
      for (int i = 0; i < random.nextInt(8); i++) {
        double width = 2 + random.nextDouble() * 80;
        double height = 2 + random.nextDouble() * 80;
        double x = random.nextDouble() * (96 - width);
        objects.add(
            new Target(random.nextInt(3), x, random.nextDouble() * (96 - height), width, height));
      }
      FcosTargets targets = FcosTargets.of(PYRAMID, objects, RADIUS, REACH);
      checkAgainstSlow(targets, objects);
      positives += targets.positives;
    }
    assertThat(positives).isGreaterThan(500);
  }

  private static void checkAgainstSlow(FcosTargets targets, List<Target> objects) {
    double[][] ranges = {{0, 16}, {16, 32}, {32, 1e9}};
    for (int l = 0; l < 3; l++) {
      int stride = 4 << l;
      int side = 96 / stride;
      int first = new int[] {0, 576, 720}[l];
      for (int row = 0; row < side; row++) {
        for (int column = 0; column < side; column++) {
          double px = stride * column + stride / 2.0;
          double py = stride * row + stride / 2.0;
          Target owner = slowOwner(objects, px, py, stride, ranges[l]);
          int cell = first + row * side + column;
          int expected = owner == null ? FcosTargets.BACKGROUND : owner.category();
          assertThat(targets.category[cell]).isEqualTo(expected);
          double left = owner == null ? 0 : (px - owner.x()) / stride;
          double bottom = owner == null ? 0 : (owner.y() + owner.height() - py) / stride;
          assertThat(targets.distances[cell]).isCloseTo((float) left, within(1e-5f));
          assertThat(targets.distances[3 * 756 + cell]).isCloseTo((float) bottom, within(1e-5f));
          assertThat(targets.centerness[cell] > 0).isEqualTo(owner != null);
        }
      }
    }
  }

  private static @org.jspecify.annotations.Nullable Target slowOwner(
      List<Target> objects, double px, double py, int stride, double[] range) {
    Target owner = null;
    for (Target t : objects) {
      double[] sides = {px - t.x(), py - t.y(), t.x() + t.width() - px, t.y() + t.height() - py};
      double farthest = java.util.Arrays.stream(sides).max().orElseThrow();
      double nearest = java.util.Arrays.stream(sides).min().orElseThrow();
      boolean central =
          Math.abs(px - t.x() - t.width() / 2) < RADIUS * stride
              && Math.abs(py - t.y() - t.height() / 2) < RADIUS * stride;
      boolean mine = nearest > 0 && central && farthest > range[0] && farthest <= range[1];
      if (mine && (owner == null || t.area() < owner.area())) {
        owner = t;
      }
    }
    return owner;
  }
}
