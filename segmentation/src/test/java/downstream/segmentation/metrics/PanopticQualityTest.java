package downstream.segmentation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.segmentation.metrics.PanopticQuality.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PanopticQualityTest {
  /** The example in the documentation of torchmetrics, as class × 100 + instance + 1. */
  @Test
  void gives_the_reference_value() {
    int[][] predicted = {
      {600, 1, 600, 600},
      {1, 1, 600, 2},
      {1, 1, 600, 2},
      {1, 700, 600, 101},
      {1, 700, 700, 700}
    };
    int[][] groundTruth = {
      {600, 2, 600, 2},
      {2, 2, 600, 2},
      {2, 2, 600, 101},
      {2, 700, 101, 101},
      {2, 700, 700, 700}
    };
    PanopticQuality quality = new PanopticQuality();
    quality.add(flat(groundTruth), segments(groundTruth), flat(predicted), segments(predicted));
    PanopticQuality.Means means = quality.means(List.of(0L, 1L, 6L, 7L));

    assertThat(means.pq().orElseThrow()).isEqualTo(0.5463, within(5e-5));
    assertThat(means.sq().orElseThrow()).isEqualTo(0.6111, within(5e-5));
    assertThat(means.rq().orElseThrow()).isEqualTo(0.6667, within(5e-5));
    assertThat(means.classes()).isEqualTo(4);
  }

  @Test
  void leaves_unlabelled_pixels_out_of_the_union() {
    // Four of the prediction's eight pixels are void: IoU is 4 / (8 + 4 - 4 - 4) = 1.
    PanopticQuality quality = row("aaaa....", "aaaaaaaa", List.of());

    assertThat(quality.of('a').pq()).hasValue(1.0);
  }

  @Test
  void an_overlap_of_exactly_half_is_no_match() {
    PanopticQuality quality = row("aa", "ab", List.of());

    assertThat(quality.of('a').truePositives()).isZero();
    assertThat(quality.of('a').falseNegatives()).isEqualTo(1);
    assertThat(quality.of('a').falsePositives()).isEqualTo(1);
    assertThat(quality.of('b').falsePositives()).isEqualTo(1);
    assertThat(quality.of('a').sq()).hasValue(0.0);
  }

  @Test
  void a_prediction_mostly_on_void_and_crowd_of_its_class_is_no_mistake() {
    PanopticQuality excused = row("A.b", "aaa", List.of('A'));
    assertThat(excused.of('a').falsePositives()).isZero();
    assertThat(excused.of('a').falseNegatives()).isZero();

    PanopticQuality half = row("A.bb", "aaaa", List.of('A'));
    assertThat(half.of('a').falsePositives()).isEqualTo(1);
  }

  @Test
  void a_class_that_is_nowhere_is_in_no_mean() {
    PanopticQuality quality = row("aa", "aa", List.of());

    assertThat(quality.means(List.of((long) 'a', (long) 'z')).classes()).isEqualTo(1);
    assertThat(quality.means(List.of((long) 'z')).pq()).isEmpty();
  }

  /** One row of pixels: a letter is a segment of its own lower-case class, a point is void. */
  private static PanopticQuality row(String groundTruth, String predicted, List<Character> crowds) {
    PanopticQuality quality = new PanopticQuality();
    quality.add(
        ids(groundTruth),
        letters(groundTruth, crowds),
        ids(predicted),
        letters(predicted, List.of()));
    return quality;
  }

  private static int[] ids(String row) {
    return row.chars().map(c -> c == '.' ? PanopticQuality.VOID : c).toArray();
  }

  private static List<Segment> letters(String row, List<Character> crowds) {
    List<Segment> segments = new ArrayList<>();
    row.chars()
        .filter(c -> c != '.')
        .distinct()
        .forEach(
            c ->
                segments.add(
                    new Segment(
                        c,
                        Character.toLowerCase(c),
                        row.chars().filter(other -> other == c).count(),
                        crowds.contains((char) c))));
    return segments;
  }

  private static int[] flat(int[][] map) {
    return java.util.Arrays.stream(map).flatMapToInt(java.util.Arrays::stream).toArray();
  }

  private static List<Segment> segments(int[][] map) {
    TreeMap<Integer, Long> areas = new TreeMap<>();
    for (int id : flat(map)) {
      areas.merge(id, 1L, Long::sum);
    }
    List<Segment> segments = new ArrayList<>();
    areas.forEach((id, area) -> segments.add(new Segment(id, id / 100, area, false)));
    return segments;
  }
}
