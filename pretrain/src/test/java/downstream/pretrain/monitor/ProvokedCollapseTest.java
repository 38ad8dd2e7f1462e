package downstream.pretrain.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.Json;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import downstream.pretrain.settings.MonitorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collapses for real: {@link Toy} without what keeps it from one. */
class ProvokedCollapseTest {
  private static final int STEPS = 120;

  @TempDir Path folder;

  @Test
  void without_stop_gradient_and_predictor_it_collapses_and_is_caught() {
    assertThatThrownBy(() -> train(new Toy.Design(false, false, false)))
        .isInstanceOf(Collapse.class)
        .hasMessageContaining("toy: the projections collapsed at step ")
        .hasMessageContaining("is above 0.800");
    assertThat(folder.resolve("report.html")).isNotEmptyFile();
  }

  @Test
  void with_them_it_goes_on_and_stays_spread() throws IOException {
    train(Toy.Design.SOUND);
    List<Double> collapse = logged("collapse.projections");
    assertThat(collapse).hasSize(STEPS).allMatch(value -> value < .4);
  }

  /** The batch norm spreads what it is given; that it has become flat is seen by the rank. */
  @Test
  void last_batch_norm_blinds_the_spread_but_not_the_rank() throws IOException {
    train(new Toy.Design(false, false, true));
    assertThat(logged("collapse.projections")).allMatch(value -> value < .05);
    List<Double> ranks = logged("rank.projections");
    assertThat(ranks.get(ranks.size() - 1)).isLessThan(.6 * ranks.get(0));
  }

  /** The table of docs/evidence/collapse-limits.md. */
  @Test
  @Tag("slow")
  void designs_side_by_side() throws IOException {
    MonitorSettings unlimited = new MonitorSettings(10, 64, 65, 10, .1, 1, 1);
    boolean[][] designs = {
      {true, true, false},
      {false, true, false},
      {false, false, false},
      {true, true, true},
      {false, false, true}
    };
    for (boolean[] parts : designs) {
      Toy.Design design = new Toy.Design(parts[0], parts[1], parts[2]);
      Files.deleteIfExists(folder.resolve("checkpoint.bin"));
      train(design, unlimited);
      List<Double> collapse = logged("collapse.projections");
      List<Double> ranks = logged("rank.projections");
      int above =
          IntStream.range(12, STEPS).filter(i -> collapse.get(i) > .8).findFirst().orElse(-1);
      System.out.printf(
          Locale.ROOT,
          "%s: %.2f, %.2f, %.2f; above 0.8 at %d; rank %.1f to %.1f%n",
          design,
          collapse.get(12),
          collapse.get(50),
          collapse.get(STEPS - 1),
          above,
          ranks.get(0),
          ranks.get(ranks.size() - 1));
      boolean seen = !design.stopGradient() && !design.lastNorm();
      assertThat(above).as(design.toString()).matches(step -> step >= 0 == seen);
    }
  }

  private void train(Toy.Design design) throws IOException {
    train(design, MonitorSettings.DEFAULTS);
  }

  private void train(Toy.Design design, MonitorSettings settings) throws IOException {
    Optimiser adam = new Optimiser.AdamW(3e-2, 0, .9, .99);
    TrainingPlan plan = new TrainingPlan(STEPS, 32, adam, Schedule.cosine(.05), 0, 1, STEPS, 1);
    List<float[]> images = IntStream.range(0, 64).mapToObj(Toy.Views::image).toList();
    try (Toy toy = new Toy(design, settings)) {
      new TrainingMonitor("toy", settings, folder)
          .rankOfProjections(new FeatureProbe(images, List.of()), toy::embed)
          .train(plan, new Toy.Views(), toy, Map.of());
    }
  }

  private List<Double> logged(String name) throws IOException {
    return Files.readAllLines(folder.resolve("log.jsonl")).stream()
        .map(line -> Json.parseYaml("log", line).path("observed").path(name))
        .filter(value -> value.isNumber())
        .map(value -> value.asDouble())
        .toList();
  }
}
