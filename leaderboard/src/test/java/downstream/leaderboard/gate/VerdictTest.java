package downstream.leaderboard.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private final Verdict worse = Given.verdict(0.25);
  private final Verdict passed = Given.verdict(0.5);
  private final Verdict better = Given.verdict(0.75);

  @Test
  void the_worst_verdict_gives_the_exit_code() {
    assertThat(Verdict.exitCode(List.of(passed))).isZero();
    assertThat(Verdict.exitCode(List.of(passed, better))).isEqualTo(4);
    assertThat(Verdict.exitCode(List.of(better, Given.notMeasured(), passed))).isEqualTo(3);
    assertThat(Verdict.exitCode(List.of(passed, better, Given.notMeasured(), worse))).isEqualTo(1);
  }

  @Test
  void nothing_to_compare_could_not_be_measured() {
    assertThat(Verdict.exitCode(List.of())).isEqualTo(3);
  }

  @Test
  void a_sentence_says_what_was_expected_measured_and_allowed() {
    assertThat(worse.sentence())
        .isEqualTo("AP is worse: expected 0.5, measured 0.25 over 1 runs, allowed ±1.0E-9");
    assertThat(Given.notMeasured().sentence())
        .isEqualTo(
            "AP is could not measure: expected 0.5, measured nothing over 0 runs, allowed ±nothing;"
                + " no run with seed 0");
  }

  @Test
  void the_difference_is_measured_minus_expected() {
    assertThat(worse.difference().orElseThrow()).isCloseTo(-0.25, within(1e-12));
    assertThat(Given.notMeasured().difference()).isEmpty();
    assertThat(Given.notMeasured().expected()).isEqualTo(0.5);
  }
}
