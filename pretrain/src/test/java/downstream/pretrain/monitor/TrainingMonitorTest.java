package downstream.pretrain.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.data.image.ContactSheet;
import downstream.eval.data.image.Image;
import downstream.eval.train.Step;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import downstream.pretrain.settings.MonitorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class TrainingMonitorTest {
  private static final int STEPS = 21;
  private static final MonitorSettings SETTINGS = new MonitorSettings(3, 16, 20, 4, .1, 1, 1.2);

  @TempDir Path folder;

  @Test
  void looks_at_the_first_step_at_equal_distances_and_at_the_last() throws IOException {
    String digest = trained("run", -1);
    List<JsonNode> lines = log("run");
    for (int step = 0; step < STEPS; step++) {
      JsonNode observed = lines.get(step).path("observed");
      boolean looked = step % 7 == 0 || step == STEPS - 1;
      assertThat(observed.has("rank")).as("step " + step).isEqualTo(looked);
      assertThat(observed.has("knn")).as("step " + step).isEqualTo(looked);
      assertThat(observed.has("collapse.projections")).isTrue();
    }
    assertThat(lines.get(0).path("observed").path("rank").asDouble()).isBetween(1.2, 15.0);
    assertThat(visualisations("run"))
        .containsExactly(
            "step-000000-views.png",
            "step-000007-views.png",
            "step-000014-views.png",
            "step-000020-views.png");
    assertThat(digest).as("watched or not").isEqualTo(unwatched());
  }

  @Test
  void visualisations_draw_the_same_numbers_every_time() throws IOException {
    trained("run", -1);
    byte[] first = Files.readAllBytes(folder.resolve("run/visualisations/step-000000-views.png"));
    assertThat(folder.resolve("run/visualisations/step-000020-views.png")).hasBinaryContent(first);
  }

  @Test
  void resumed_training_has_the_log_of_an_unbroken_one() throws IOException {
    trained("unbroken", -1);
    assertThatThrownBy(() -> trained("broken", 12)).hasMessage("power cut");
    trained("broken", -1);
    assertThat(folder.resolve("broken/log.jsonl"))
        .hasSameTextualContentAs(folder.resolve("unbroken/log.jsonl"));
    assertThat(visualisations("broken")).isEqualTo(visualisations("unbroken"));
  }

  @Test
  void report_is_one_well_formed_page_with_settings_curves_and_every_visualisation()
      throws Exception {
    trained("run", -1);
    Document page = page("run");
    String text = page.getDocumentElement().getTextContent();
    assertThat(text).contains("a <&> \"b\"", "collapse.projections", "knn: share of the 4 nearest");
    assertThat(text).contains("nested.key");
    List<String> captions = new ArrayList<>();
    NodeList images = page.getElementsByTagName("img");
    for (int i = 0; i < images.getLength(); i++) {
      Element image = (Element) images.item(i);
      captions.add(image.getAttribute("alt"));
      String source = image.getAttribute("src");
      assertThat(source).startsWith("data:image/png;base64,");
      byte[] png = Base64.getDecoder().decode(source.substring(source.indexOf(',') + 1));
      assertThat(png).startsWith(0x89, 'P', 'N', 'G');
    }
    assertThat(captions).containsSubsequence(visualisations("run")).hasSize(5);
    assertThat(Files.readString(folder.resolve("run/report.html")))
        .doesNotContain("http:", "https:", "<script", "<link");
  }

  @Test
  void features_that_collapse_stop_the_training_and_the_report_says_so() throws Exception {
    try (Toy toy = new Toy(Toy.Design.SOUND, SETTINGS)) {
      TrainingMonitor watch =
          new TrainingMonitor("toy", SETTINGS, folder.resolve("run"))
              .rank(probe(), (images, step) -> new float[images.size()][3]);
      assertThatThrownBy(() -> watch.train(plan(), new Toy.Views(), toy, Map.of()))
          .isInstanceOf(Collapse.class)
          .hasMessageStartingWith(
              "toy: the features collapsed at step 7: their effective rank is 1.000, below 1.200");
    }
    assertThat(page("run").getDocumentElement().getTextContent())
        .contains("Stopped. toy: the features collapsed at step 7");
    assertThat(log("run")).hasSize(7);
  }

  @Test
  void can_be_switched_off() throws IOException {
    MonitorSettings never = new MonitorSettings(0, 16, 20, 4, .1, 1, 1.2);
    try (Toy toy = new Toy(Toy.Design.SOUND, never)) {
      new TrainingMonitor("toy", never, folder.resolve("run"))
          .rank(probe(), toy::embed)
          .train(plan(), new Toy.Views(), toy, Map.of());
    }
    assertThat(log("run")).noneMatch(line -> line.path("observed").has("rank"));
  }

  @Test
  void refuses_settings_and_names_out_of_range() {
    assertThatThrownBy(() -> new MonitorSettings(-1, 2, 3, 1, 0, 1, 1))
        .hasMessageContaining("monitor.evaluationPoints");
    assertThatThrownBy(() -> new MonitorSettings(1, 1, 3, 1, 0, 1, 1))
        .hasMessageContaining("monitor.probeImages");
    assertThatThrownBy(() -> new MonitorSettings(1, 2, 3, 3, 0, 1, 1))
        .hasMessageContaining("monitor.knnObjects");
    assertThatThrownBy(() -> new MonitorSettings(1, 2, 3, 0, 0, 1, 1))
        .hasMessageContaining("monitor.neighbours");
    assertThatThrownBy(() -> new MonitorSettings(1, 2, 3, 1, 2, 1, 1))
        .hasMessageContaining("monitor.warmup");
    assertThatThrownBy(() -> new MonitorSettings(1, 2, 3, 1, 0, 0, 1))
        .hasMessageContaining("stopAboveCollapse");
    assertThatThrownBy(() -> new MonitorSettings(1, 2, 3, 1, 0, 1, .5))
        .hasMessageContaining("stopBelowRank");
    TrainingMonitor watch = new TrainingMonitor("toy", SETTINGS, folder);
    assertThatThrownBy(() -> watch.visualise("../x", step -> new ContactSheet(1, 1)))
        .hasMessageContaining("../x");
  }

  private String trained(String name, int failAt) throws IOException {
    try (Toy toy = new Toy(Toy.Design.SOUND, SETTINGS)) {
      toy.failAt = failAt;
      return new TrainingMonitor("toy", SETTINGS, folder.resolve(name))
          .rank(probe(), toy::embed)
          .neighbours(labelled(), toy::embed)
          .visualise("views", TrainingMonitorTest::noise)
          .train(
              plan(),
              new Toy.Views(),
              toy,
              Map.of("note", "a <&> \"b\"", "nested", Map.of("key", 3)))
          .digest();
    }
  }

  private String unwatched() throws IOException {
    try (Toy toy = new Toy(Toy.Design.SOUND, SETTINGS)) {
      return downstream.eval.train.TrainingLoop.train(
              plan(), new Toy.Views(), toy, folder.resolve("unwatched"))
          .digest();
    }
  }

  private static TrainingPlan plan() {
    Optimiser adam = new Optimiser.AdamW(1e-2, 0, .9, .99);
    return new TrainingPlan(STEPS, 8, adam, Schedule.cosine(.05), 0, 1, 5, 1);
  }

  /** What the generators of a look give, as grey. */
  private static ContactSheet noise(Step step) {
    int drawn = step.random().nextInt(200);
    float engine =
        step.manager().randomUniform(0, 50, new ai.djl.ndarray.types.Shape(1)).getFloat();
    int grey = drawn + (int) engine;
    return new ContactSheet(1, 8).add(Image.filled(8, 8, grey << 16 | grey << 8 | grey), "noise");
  }

  private static FeatureProbe probe() {
    return new FeatureProbe(IntStream.range(0, 16).mapToObj(Toy.Views::image).toList(), List.of());
  }

  private static FeatureProbe labelled() {
    return new FeatureProbe(
        IntStream.range(0, 20).mapToObj(Toy.Views::image).toList(),
        IntStream.range(0, 20).mapToObj(i -> (long) i % 2).toList());
  }

  private List<String> visualisations(String name) throws IOException {
    try (var files = Files.list(folder.resolve(name).resolve("visualisations"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private List<JsonNode> log(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(name).resolve("log.jsonl"))) {
      lines.add(Json.MAPPER.readTree(line));
    }
    return lines;
  }

  private Document page(String name) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(folder.resolve(name).resolve("report.html").toFile());
  }
}
