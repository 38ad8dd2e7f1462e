package downstream.detection.metrics.coco;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.Overlaps;
import org.junit.jupiter.api.Test;

class ClassMatchesTest {
  private static ClassMatches matches(int[] image, double... score) {
    int ranges = ClassMatches.RANGES.length;
    return new ClassMatches(
        image,
        new int[image.length],
        score,
        new int[ranges][image.length],
        new int[0],
        new int[ranges][0]);
  }

  @Test
  void tied_pairs_are_those_of_all_images_together() {
    assertThat(matches(new int[] {0, 0, 1, 1, 1}, 0.9, 0.5, 0.9, 0.5, 0.1).tiedPairs())
        .isEqualTo(2);
    assertThat(matches(new int[] {0, 1, 2}, 0.5, 0.5, 0.5).tiedPairs()).isEqualTo(2);
    assertThat(matches(new int[] {0, 1, 2}, 0.5, 0.4, 0.6).tiedPairs()).isZero();
  }

  @Test
  void equal_scores_of_different_images_are_no_tie_inside_one() {
    assertThat(matches(new int[] {0, 0, 1, 1}, 0.9, 0.5, 0.5, 0.1).tiesInsideImages()).isFalse();
    assertThat(matches(new int[] {0, 0, 1, 1}, 0.9, 0.5, 0.1, 0.1).tiesInsideImages()).isTrue();
    assertThat(matches(new int[] {0, 0, 1}, 0.5, 0.5, 0.4).tiesInsideImages()).isTrue();
    assertThat(matches(new int[] {0}, 0.5).tiesInsideImages()).isFalse();
  }

  @Test
  void ties_are_looked_for_between_the_given_rows_only() {
    ClassMatches matches = matches(new int[] {0, 0, 1, 1}, 0.9, 0.5, 0.5, 0.1);
    assertThat(matches.tiesIn(0, 2)).isFalse();
    assertThat(matches.tiesIn(1, 3)).isTrue();
    assertThat(matches.tiesIn(2, 4)).isFalse();
  }

  /** Two thresholds matched; one of two ignored; ignored without a match; all ten; of no size. */
  @Test
  void hits_are_matches_that_count_summed_over_thresholds_and_rows() {
    int two = ClassMatches.matchedBit(0) | ClassMatches.matchedBit(3);
    int[] all = {
      two,
      two | ClassMatches.ignoredBit(3),
      ClassMatches.ignoredBit(2),
      (1 << ClassMatches.THRESHOLDS.length) - 1
    };
    int[][] outcome = {all, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}};
    BoxTable none = new BoxTable();
    Overlaps overlaps = Overlaps.of(EvaluatorSettings.COCO.iou(), none, none);
    ImageMatcher matcher = new ImageMatcher(none, new int[0], none, new int[4], outcome, overlaps);
    assertThat(matcher.hits(0, 1)).isEqualTo(2);
    assertThat(matcher.hits(1, 2)).isEqualTo(1);
    assertThat(matcher.hits(2, 3)).isZero();
    assertThat(matcher.hits(0, 4)).isEqualTo(2 + 1 + 10);
    matcher.clear(1, 3);
    assertThat(all[0]).isEqualTo(two);
    assertThat(matcher.hits(0, 4)).isEqualTo(2 + 10);
  }
}
