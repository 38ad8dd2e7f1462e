package downstream.leaderboard.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IntervalTest {
  private static final Interval MIDDLE = new Interval(2, 4);

  @Test
  void ends_are_part_of_it() {
    assertThat(MIDDLE.contains(2)).isTrue();
    assertThat(MIDDLE.contains(4)).isTrue();
    assertThat(MIDDLE.contains(1.999)).isFalse();
    assertThat(MIDDLE.contains(4.001)).isFalse();
  }

  @Test
  void intervals_that_touch_overlap() {
    assertThat(MIDDLE.overlaps(new Interval(4, 5))).isTrue();
    assertThat(MIDDLE.overlaps(new Interval(1, 2))).isTrue();
    assertThat(MIDDLE.overlaps(new Interval(3, 3))).isTrue();
    assertThat(MIDDLE.overlaps(new Interval(4.001, 5))).isFalse();
    assertThat(MIDDLE.overlaps(new Interval(1, 1.999))).isFalse();
  }
}
