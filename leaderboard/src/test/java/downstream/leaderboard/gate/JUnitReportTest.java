package downstream.leaderboard.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JUnitReportTest {
  @Test
  void worse_and_better_are_failures_and_what_was_not_measured_is_an_error() {
    String report =
        JUnitReport.of(
            List.of(
                Given.verdict(0.25), Given.verdict(0.75), Given.notMeasured(), Given.verdict(0.5)));
    assertThat(report)
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="downstream gate" tests="4" failures="2" errors="1" skipped="0">
              <testcase classname="downstream.gate.detection" name="row/AP">\
            <failure type="worse" message="AP is worse: expected 0.5, measured 0.25 over 1 runs,\
             allowed ±1.0E-9"/></testcase>
              <testcase classname="downstream.gate.detection" name="row/AP">\
            <failure type="better" message="AP is better: expected 0.5, measured 0.75 over 1 runs,\
             allowed ±1.0E-9"/></testcase>
              <testcase classname="downstream.gate.detection" name="row/AP">\
            <error type="could not measure" message="no run with seed 0"/></testcase>
              <testcase classname="downstream.gate.detection" name="row/AP"></testcase>
            </testsuite>
            """);
  }

  @Test
  void a_gate_that_compared_nothing_is_an_error() {
    assertThat(JUnitReport.of(List.of()))
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="downstream gate" tests="1" failures="0" errors="1" skipped="0">\
            <testcase classname="downstream.gate" name="compares something">\
            <error type="could not measure" message="nothing to compare"/></testcase>
            </testsuite>
            """);
  }

  @Test
  void every_comparison_that_was_not_measured_is_one_error() {
    assertThat(JUnitReport.of(List.of(Given.verdict(0.5)))).contains("tests=\"1\"", "errors=\"0\"");
    assertThat(JUnitReport.of(List.of(Given.notMeasured(), Given.notMeasured())))
        .contains("tests=\"2\"", "errors=\"2\"");
  }
}
