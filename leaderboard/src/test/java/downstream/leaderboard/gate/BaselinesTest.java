package downstream.leaderboard.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselinesTest {
  @TempDir private Path folder;

  private static Baselines of(double confidence, Baseline... baselines) {
    return new Baselines(Baselines.SCHEMA, confidence, List.of(baselines));
  }

  private static Baseline named(String id) {
    return Given.named(id, Given.training());
  }

  @Test
  void come_back_from_their_file() {
    Baselines written =
        of(0.99, named("mae/AP"), Given.named("mae/AP/replay-0", Given.replay(0.4)));
    Path file = folder.resolve("baselines.yaml");
    written.write(file);
    assertThat(Baselines.read(file)).isEqualTo(written);
  }

  @Test
  void an_id_that_is_not_there_names_the_nearest() {
    Baselines baselines = of(0.99, named("mae/AP"), named("byol/AP50"));
    assertThat(baselines.named("byol/AP50").id()).isEqualTo("byol/AP50");
    assertThatThrownBy(() -> baselines.named("mea/AP"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("baseline 'mea/AP'")
        .hasMessageContaining("Did you mean 'mae/AP'?");
  }

  @Test
  void refuses_an_id_that_is_listed_twice() {
    assertThatThrownBy(() -> of(0.99, named("mae/AP"), named("byol/AP"), named("mae/AP")))
        .hasMessage("baseline mae/AP is listed twice");
  }

  @Test
  void refuses_a_confidence_that_is_none() {
    for (double confidence : new double[] {0.5, 1, 0, Double.NaN}) {
      assertThatThrownBy(() -> of(confidence))
          .hasMessage("expected a confidence between 0.5 and 1, found " + confidence);
    }
    assertThat(of(0.51).confidence()).isEqualTo(0.51);
  }

  @Test
  void refuses_another_schema() {
    assertThatThrownBy(() -> new Baselines("other/1", 0.99, List.of()))
        .hasMessage("expected schema 'downstream/baselines/1', found 'other/1'");
  }
}
