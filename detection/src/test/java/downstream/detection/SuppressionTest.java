package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.detection.metrics.BoxTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SuppressionTest {
  @Test
  void drops_the_weaker_of_two_overlapping_boxes_of_a_class() {
    BoxTable boxes = new BoxTable();
    boxes.add(0, 0, 0, 0, 10, 10, 0.5);
    boxes.add(0, 0, 1, 0, 10, 10, 0.9);
    boxes.add(0, 1, 1, 0, 10, 10, 0.1);
    boxes.add(0, 0, 50, 0, 10, 10, 0.2);
    assertThat(Suppression.keep(boxes, 0.6, 100)).containsExactly(1, 3, 2);
  }

  @Test
  void an_overlap_of_exactly_the_limit_is_kept() {
    BoxTable boxes = new BoxTable();
    boxes.add(0, 0, 0, 0, 10, 10, 0.5);
    boxes.add(0, 0, 0, 0, 10, 5, 0.4);
    assertThat(Suppression.keep(boxes, 0.5, 100)).containsExactly(0, 1);
    assertThat(Suppression.keep(boxes, 0.49, 100)).containsExactly(0);
  }

  @Test
  void keeps_no_more_than_asked() {
    BoxTable boxes = new BoxTable();
    for (int i = 0; i < 10; i++) {
      boxes.add(0, 0, 20 * i, 0, 10, 10, i);
    }
    assertThat(Suppression.keep(boxes, 0.6, 3)).containsExactly(9, 8, 7);
  }

  @Test
  void agrees_with_removing_boxes_one_by_one() {
    Random random = new Random(2);
    int dropped = 0;
    for (int round = 0; round < 50; round++) {
      BoxTable boxes = new BoxTable();
      for (int i = 0; i < 60; i++) {
        boxes.add(
            0,
            random.nextInt(3),
            random.nextInt(30),
            random.nextInt(30),
            5 + random.nextInt(20),
            5 + random.nextInt(20),
            random.nextInt(10) / 10.0);
      }
      List<Integer> kept = Suppression.keep(boxes, 0.4, 1000);
      assertThat(kept).isEqualTo(slow(boxes, 0.4));
      dropped += 60 - kept.size();
    }
    assertThat(dropped).isPositive();
  }

  /** Takes the strongest that is left, then strikes out all it covers, until none is left. */
  private static List<Integer> slow(BoxTable boxes, double limit) {
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < boxes.size; i++) {
      left.add(i);
    }
    List<Integer> kept = new ArrayList<>();
    while (!left.isEmpty()) {
      int best = left.get(0);
      for (int i : left) {
        best = boxes.score[i] > boxes.score[best] ? i : best;
      }
      int strongest = best;
      kept.add(strongest);
      left.removeIf(i -> i == strongest);
      left.removeIf(
          i -> boxes.category[i] == boxes.category[strongest] && iou(boxes, i, strongest) > limit);
    }
    return kept;
  }

  private static double iou(BoxTable b, int i, int j) {
    double inner = 0;
    double union = 0;
    for (double x = 0.5; x < 60; x++) {
      for (double y = 0.5; y < 60; y++) {
        boolean inI = inside(b, i, x, y);
        boolean inJ = inside(b, j, x, y);
        inner += inI && inJ ? 1 : 0;
        union += inI || inJ ? 1 : 0;
      }
    }
    return inner / union;
  }

  private static boolean inside(BoxTable b, int i, double x, double y) {
    return x > b.x[i] && x < b.x[i] + b.width[i] && y > b.y[i] && y < b.y[i] + b.height[i];
  }
}
