package downstream.detection.boxes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NmsTest {
  @Test
  void drops_the_weaker_of_two_overlapping_boxes_of_a_class() {
    float[] boxes = {0, 0, 10, 10, 1, 0, 11, 10, 1, 0, 11, 10, 50, 0, 60, 10};
    float[] scores = {0.5f, 0.9f, 0.1f, 0.2f};
    int[] classes = {0, 0, 1, 0};
    assertThat(Nms.keep(boxes, scores, classes, 0.6, 100)).containsExactly(1, 3, 2);
  }

  @Test
  void an_overlap_of_exactly_the_limit_is_kept() {
    float[] boxes = {0, 0, 10, 10, 0, 0, 10, 5};
    float[] scores = {0.5f, 0.4f};
    assertThat(Nms.keep(boxes, scores, new int[2], 0.5, 100)).containsExactly(0, 1);
    assertThat(Nms.keep(boxes, scores, new int[2], 0.49, 100)).containsExactly(0);
  }

  @Test
  void keeps_no_more_than_asked() {
    float[] boxes = new float[40];
    float[] scores = new float[10];
    for (int i = 0; i < 10; i++) {
      set(boxes, i, 20 * i, 0, 10, 10);
      scores[i] = i - 5;
    }
    assertThat(Nms.keep(boxes, scores, new int[10], 0.6, 3)).containsExactly(9, 8, 7);
    assertThat(Nms.keep(boxes, scores, new int[10], 0.6, 10))
        .containsExactly(9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  }

  @Test
  void agrees_with_removing_boxes_one_by_one() {
    Random random = new Random(2);
    int dropped = 0;
    for (int round = 0; round < 50; round++) {
      float[] boxes = new float[240];
      float[] scores = new float[60];
      int[] classes = new int[60];
      for (int i = 0; i < 60; i++) {
        classes[i] = random.nextInt(3);
        scores[i] = random.nextInt(10) / 10f;
        int x = random.nextInt(30);
        int y = random.nextInt(30);
        set(boxes, i, x, y, 5 + random.nextInt(20), 5 + random.nextInt(20));
      }
      int[] kept = Nms.keep(boxes, scores, classes, 0.4, 1000);
      assertThat(kept).containsExactly(slow(boxes, scores, classes, 0.4));
      dropped += 60 - kept.length;
    }
    assertThat(dropped).isPositive();
  }

  private static void set(float[] boxes, int i, float x, float y, float width, float height) {
    boxes[4 * i] = x;
    boxes[4 * i + 1] = y;
    boxes[4 * i + 2] = x + width;
    boxes[4 * i + 3] = y + height;
  }

  /** Takes the strongest that is left, then strikes out all it covers, until none is left. */
  private static int[] slow(float[] boxes, float[] scores, int[] classes, double limit) {
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      left.add(i);
    }
    List<Integer> kept = new ArrayList<>();
    while (!left.isEmpty()) {
      int best = left.get(0);
      for (int i : left) {
        best = scores[i] > scores[best] ? i : best;
      }
      int strongest = best;
      kept.add(strongest);
      left.removeIf(i -> i == strongest);
      left.removeIf(i -> classes[i] == classes[strongest] && iou(boxes, i, strongest) > limit);
    }
    return kept.stream().mapToInt(Integer::intValue).toArray();
  }

  private static double iou(float[] b, int i, int j) {
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

  private static boolean inside(float[] b, int i, double x, double y) {
    return x > b[4 * i] && x < b[4 * i + 2] && y > b[4 * i + 1] && y < b[4 * i + 3];
  }
}
