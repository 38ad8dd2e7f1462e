package downstream.pretrain.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.train.Optimiser;
import downstream.eval.train.Plan;
import downstream.eval.train.Schedule;
import downstream.eval.train.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collapse for real: {@link Toy} without what keeps it from one. */
class ProvokedCollapseTest {
  private static final int STEPS = 200;

  @TempDir Path folder;

  @Test
  void without_stop_gradient_and_predictor_it_collapses_and_is_caught() {
    try (Toy toy = new Toy(false, WatchSettings.DEFAULTS)) {
      assertThatThrownBy(() -> train(toy))
          .isInstanceOf(Collapse.class)
          .hasMessageContaining("toy: the projections collapsed at step ");
    }
  }

  @Test
  void with_them_it_goes_on_and_stays_spread() throws IOException {
    try (Toy toy = new Toy(true, WatchSettings.DEFAULTS)) {
      train(toy);
    }
    List<Double> collapse = logged("collapse.projections");
    assertThat(collapse).hasSize(STEPS);
    assertThat(collapse.get(STEPS - 1)).isLessThan(.5);
  }

  private void train(Toy toy) throws IOException {
    Optimiser adam = new Optimiser.AdamW(1e-2, 0, .9, .99);
    Plan plan = new Plan(STEPS, 32, adam, Schedule.cosine(.05), 0, 1, STEPS, 1);
    TrainingLoop.train(plan, new Toy.Views(), toy, folder);
  }

  private List<Double> logged(String name) throws IOException {
    List<Double> values = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("log.jsonl"))) {
      JsonNode value = Json.MAPPER.readTree(line).path("observed").path(name);
      values.add(value.asDouble());
    }
    return values;
  }
}
