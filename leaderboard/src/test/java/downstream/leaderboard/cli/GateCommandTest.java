package downstream.leaderboard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import downstream.leaderboard.Bench;
import downstream.leaderboard.Bench.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class GateCommandTest {
  @TempDir private Path folder;
  private Bench bench = new Bench(Path.of(""));

  @BeforeEach
  void record_a_baseline_of_four_seeds() throws IOException {
    bench = Bench.in(folder).eval("fair", 0, 4);
    assertThat(record().code()).isZero();
  }

  private Path baseline() {
    return folder.resolve("baselines.yaml");
  }

  private Said record(String... more) {
    List<String> command = new ArrayList<>(List.of("gate", "record", "--runs", runs()));
    command.addAll(List.of("--baseline", baseline().toString()));
    command.addAll(Arrays.asList(more));
    return Bench.downstream(command.toArray(new String[0]));
  }

  private String runs() {
    return bench.runs().toString();
  }

  private Said gate(String... more) {
    List<String> command = new ArrayList<>(List.of("gate"));
    command.addAll(Arrays.asList(more));
    if (!command.contains("--baseline")) {
      command.addAll(List.of("--baseline", baseline().toString()));
    }
    return Bench.downstream(command.toArray(new String[0]));
  }

  private ObjectNode yaml() {
    return (ObjectNode) Json.readYaml(baseline());
  }

  private void rewrite(JsonNode yaml) throws IOException {
    Files.write(baseline(), Json.yaml(yaml));
  }

  /** Moves the training baseline's values. */
  private void shift(double by) throws IOException {
    ObjectNode yaml = yaml();
    ArrayNode values = (ArrayNode) yaml.at("/baselines/0/values");
    for (int i = 0; i < values.size(); i++) {
      values.set(i, Json.MAPPER.valueToTree(values.get(i).asDouble() + by));
    }
    rewrite(yaml);
  }

  private Document junit(String... more) throws Exception {
    List<String> command = new ArrayList<>(Arrays.asList(more));
    command.addAll(List.of("--junit", folder.resolve("gate.xml").toString()));
    gate(command.toArray(new String[0]));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(folder.resolve("gate.xml").toFile());
  }

  private static String suite(Document xml, String attribute) {
    return xml.getDocumentElement().getAttribute(attribute);
  }

  @Test
  void exit_0_held() throws Exception {
    Said said = gate("--runs", runs());
    assertThat(said.code()).as(said.err()).isZero();
    // One training, four replays.
    assertThat(said.err()).contains("5 comparisons; exit code 0");
    assertThat(said.out()).contains("replay").contains("training").contains("passed");
    Document xml = junit("--runs", runs());
    assertThat(suite(xml, "tests")).isEqualTo("5");
    assertThat(suite(xml, "failures") + suite(xml, "errors")).isEqualTo("00");
  }

  @Test
  void exit_1_worse() throws Exception {
    shift(0.3);
    Said said = gate("--runs", runs());
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err()).contains("AP is worse: expected");
    Document xml = junit("--runs", runs());
    assertThat(suite(xml, "failures")).isEqualTo("1");
    Element failure = (Element) xml.getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message")).contains("AP is worse: expected");
  }

  @Test
  void exit_4_better_than_the_baseline_says() throws IOException {
    shift(-0.3);
    assertThat(gate("--runs", runs()).code()).isEqualTo(4);
  }

  @Test
  void lower_is_better_turns_the_verdict() throws IOException {
    assertThat(record("--metric", "miss").code()).isZero();
    shift(-0.3);
    Said said = gate("--runs", runs());
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err()).contains("miss is worse");
  }

  @Test
  void what_statistics_hold_besides_is_guarded_too_and_less_is_better() throws IOException {
    assertThat(record("--metric", "spans.wrong").code()).isZero();
    assertThat(gate("--runs", runs()).err()).contains("1 comparisons; exit code 0");
    shift(-30);
    Said said = gate("--runs", runs());
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err()).contains("spans.wrong is worse");
    said = record("--metric", "spans.wrong", "--tier", "replay");
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("'spans.wrong' is not a metric of this run");
    said = record("--metric", "spans.rong");
    assertThat(said.err()).contains("no finite 'spans.rong'").contains("or [spans.wrong]");
  }

  @Test
  void exit_2_usage() throws IOException {
    assertThat(gate("--runs", runs(), "--nonsense").code()).isEqualTo(2);
    assertThat(Bench.downstream("gate").code()).isEqualTo(2);
    Files.writeString(baseline(), "schema: other/1\nconfidence: 0.99\nbaselines: []\n");
    assertThat(gate("--runs", runs()).code()).isEqualTo(2);
    Files.writeString(baseline(), "scheme: x\n");
    Said said = gate("--runs", runs());
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("Did you mean 'schema'");
  }

  @Test
  void exit_2_tolerance_that_bounds_nothing() {
    for (String tolerance : List.of("NaN", "-1", "Infinity")) {
      Said said = record("--tolerance", tolerance);
      assertThat(said.code()).as(tolerance).isEqualTo(2);
      assertThat(said.err()).contains("--tolerance: expected a number of 0 or more");
    }
  }

  @Test
  void exit_2_baseline_that_lacks_a_field() throws IOException {
    for (String field : List.of("id", "encoderDigest", "metric", "higherIsBetter", "tier")) {
      ObjectNode yaml = yaml();
      ((ObjectNode) yaml.at("/baselines/0")).remove(field);
      Files.write(folder.resolve("lacking.yaml"), Json.yaml(yaml));
      Said said = gate("--runs", runs(), "--baseline", folder.resolve("lacking.yaml").toString());
      assertThat(said.code()).as(field).isEqualTo(2);
      assertThat(said.err()).as(field).contains("lacking.yaml: key 'baselines.0", field);
    }
  }

  @Test
  void exit_3_no_baseline_no_runs_no_comparison() throws Exception {
    Path none = Files.createDirectories(folder.resolve("none"));
    assertThat(gate("--runs", none.toString()).code()).isEqualTo(3);
    assertThat(gate("--runs", folder.resolve("nowhere").toString()).code()).isEqualTo(3);
    ObjectNode yaml = yaml();
    yaml.putArray("baselines");
    rewrite(yaml);
    Said said = gate("--runs", runs());
    assertThat(said.code()).isEqualTo(3);
    assertThat(said.err()).contains("nothing to compare");
    Files.delete(baseline());
    assertThat(gate("--runs", runs()).code()).isEqualTo(3);
    Document xml = junit("--runs", runs());
    assertThat(suite(xml, "errors")).isEqualTo("1");
  }

  @Test
  void exit_3_missing_metric_and_nan() throws IOException {
    ObjectNode yaml = yaml();
    ((ObjectNode) yaml.at("/baselines/0")).put("metric", "AP95");
    rewrite(yaml);
    Said said = gate("--runs", runs());
    assertThat(said.code()).isEqualTo(3);
    assertThat(said.err()).contains("4 of 4 runs have no AP95");
    assertThat(record().code()).isZero();
    Path run = bench.run("fair", 2);
    ObjectNode tree = (ObjectNode) Json.read(run);
    ((ObjectNode) tree.path("metrics")).put("AP", Double.NaN);
    ResultFile.write(run, Json.MAPPER.treeToValue(tree, Result.class));
    assertThat(gate("--runs", runs(), "--tier", "training").code()).isEqualTo(3);
  }

  @Test
  void exit_3_data_that_is_not_here() throws IOException {
    Files.move(bench.data(), folder.resolve("elsewhere"));
    Said said = gate("--runs", runs(), "--tier", "replay");
    assertThat(said.code()).isEqualTo(3);
    assertThat(said.err()).contains("could not measure").contains("with --data");
    String elsewhere = folder.resolve("elsewhere").toString();
    assertThat(gate("--runs", runs(), "--tier", "replay", "--data", elsewhere).code()).isZero();
  }

  @Test
  void replay_sees_one_changed_prediction_that_all_digests_hide() throws IOException {
    Path run = bench.run("fair", 3);
    Path predictions = run.resolveSibling("run-3/predictions.json");
    JsonNode all = Json.read(predictions);
    ((ArrayNode) Objects.requireNonNull(all.iterator().next())).removeAll();
    Files.write(predictions, Json.pretty(all));
    ObjectNode tree = (ObjectNode) Json.read(run);
    for (JsonNode artifact : tree.path("artifacts")) {
      if (artifact.path("path").asText().endsWith("predictions.json")) {
        ((ObjectNode) artifact).put("sha256", Digest.of(predictions));
        ((ObjectNode) artifact).put("bytes", Files.size(predictions));
      }
    }
    ResultFile.write(run, Json.MAPPER.treeToValue(tree, Result.class));
    Said said = gate("--runs", runs(), "--tier", "replay");
    assertThat(said.code()).isIn(1, 4);
    assertThat(said.err()).contains("replay-3").contains("allowed ±1.0E-9");
  }

  @Test
  void changed_protocol_is_not_measured_and_says_so() {
    String other = folder.resolve("other").toString();
    bench.eval("fair", 0, 2, "--set", "suppressionIou=0.99", "--out", other);
    Said said = gate("--runs", other);
    assertThat(said.code()).isEqualTo(3);
    assertThat(said.err()).contains("found another protocol or task version");
  }

  @Test
  void one_seed_needs_a_tolerance() throws IOException {
    Path one = folder.resolve("one");
    bench.eval("good", 0, 1, "--out", one.toString());
    Said said =
        Bench.downstream(
            "gate", "record", "--runs", one.toString(), "--baseline", baseline().toString());
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("give --tolerance");
    assertThat(
            Bench.downstream(
                    "gate",
                    "record",
                    "--runs",
                    one.toString(),
                    "--tolerance",
                    "0.02",
                    "--baseline",
                    baseline().toString())
                .code())
        .isZero();
    assertThat(gate("--runs", one.toString()).code()).isZero();
  }
}
