package downstream.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Table;
import downstream.eval.run.Fakes;
import downstream.eval.run.RunStore;
import downstream.eval.run.execute.Outcome;
import downstream.eval.run.execute.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of JSON and CSV are snake_case, keys of YAML camelCase, in every module. */
class CasingTest {
  private static final Pattern SNAKE = Pattern.compile("[a-z0-9]+(_[a-z0-9]+)*");
  private static final Pattern CAMEL = Pattern.compile("[a-z][A-Za-z0-9]*");

  /** Objects whose keys are names: of metrics, classes, phases, loss terms. */
  private static final Set<String> NAMED =
      Set.of("metrics", "reasons", "per_class", "higher_is_better", "expected", "segmentation");

  /** Literal columns of a table, and keys where they differ. */
  private static final Pattern TABLE =
      Pattern.compile("new Table\\(\\s*List\\.of\\(([^)]*)\\)(?:,\\s*List\\.of\\(([^)]*)\\))?");

  private static final Pattern TEXT = Pattern.compile("\"([^\"]*)\"");

  /** A key that Java code writes into or reads out of a tree. */
  private static final Pattern LITERAL =
      Pattern.compile(
          "(?:put|set|putObject|putArray|putNull|path|withObject|withArray|writeNumberField"
              + "|writeStringField|writeArrayFieldStart|writeObjectFieldStart)\\(\\s*\"(\\w+)\"");

  /** Names that are no keys: metrics of segmentation, settings of a protocol, names of weights. */
  private static final Set<String> NO_KEYS =
      Set.of(
          "mIoU",
          "mAcc",
          "aAcc",
          "fwIoU",
          "mDice",
          "mBoundaryIoU",
          "labelFraction",
          "labelSeed",
          "imageSize");

  @TempDir private Path folder;

  @Test
  void stored_run_is_in_snake_case() throws IOException {
    List<Outcome> outcomes =
        new Runner(RunStore.open(folder, 0), Clock.systemUTC(), line -> {}).run(Fakes.drawn());
    JsonNode run = Json.read(outcomes.get(0).file());
    List<String> keys = new ArrayList<>();
    collect(run, keys);
    assertThat(keys).contains("learning_rate", "image_size", "peak_rss_bytes");
    assertThat(keys).allMatch(key -> SNAKE.matcher(key).matches());
  }

  @Test
  void column_of_several_words_is_one_key() {
    Table table = new Table(List.of("largest deviation", "AP50")).row(0.5, 0.25);
    assertThat(Json.canonical(table.json()))
        .isEqualTo("[{\"AP50\":0.25,\"largest_deviation\":0.5}]");
    assertThat(table.as(OutputFormat.CSV)).startsWith("largest_deviation,AP50");
    assertThat(table.as(OutputFormat.TABLE)).startsWith("largest deviation    AP50");
  }

  @Test
  void columns_that_code_names_give_keys_in_snake_case() throws IOException {
    List<String> wrong = new ArrayList<>();
    int read = 0;
    for (Path file : files("src/main/java", ".java")) {
      Matcher table = TABLE.matcher(Files.readString(file));
      while (table.find()) {
        String columns = table.group(table.group(2) == null ? 1 : 2);
        for (MatchResult column : TEXT.matcher(columns).results().toList()) {
          String key = new Table(List.of(column.group(1))).row("").as(OutputFormat.CSV);
          if (!key.lines().findFirst().orElseThrow().matches(SNAKE + "|[A-Z][A-Za-z0-9]*")) {
            wrong.add(file.getFileName() + ": " + column.group(1));
          }
          read++;
        }
      }
    }
    assertThat(read).isGreaterThan(70);
    assertThat(wrong).isEmpty();
  }

  @Test
  void bundled_json_is_in_snake_case() throws IOException {
    List<String> wrong = new ArrayList<>();
    Set<Path> read = new TreeSet<>();
    for (Path file : resources(".json")) {
      List<String> keys = new ArrayList<>();
      collect(new ObjectMapper().readTree(file.toFile()), keys);
      keys.stream().filter(key -> !SNAKE.matcher(key).matches()).forEach(wrong::add);
      read.add(file.getFileName());
    }
    assertThat(read).contains(Path.of("detection.json"), Path.of("segmentation.json"));
    assertThat(wrong).isEmpty();
  }

  @Test
  void bundled_yaml_is_in_camel_case() throws IOException {
    List<String> wrong = new ArrayList<>();
    int read = 0;
    for (Path file : resources(".yaml")) {
      List<String> keys = new ArrayList<>();
      collect(new YAMLMapper().readTree(file.toFile()), keys);
      keys.stream().filter(key -> !CAMEL.matcher(key).matches()).forEach(wrong::add);
      read += keys.size();
    }
    assertThat(read).isGreaterThan(100);
    assertThat(wrong).isEmpty();
  }

  @Test
  void keys_that_code_writes_are_in_snake_case() throws IOException {
    List<String> wrong = new ArrayList<>();
    int read = 0;
    for (Path file : files("src/main/java", ".java")) {
      Matcher literal = LITERAL.matcher(Files.readString(file));
      while (literal.find()) {
        String key = literal.group(1);
        if (key.matches("[a-z]+[A-Z]\\w*") && !NO_KEYS.contains(key)) {
          wrong.add(file.getFileName() + ": " + key);
        }
        read++;
      }
    }
    assertThat(read).isGreaterThan(200);
    assertThat(wrong).isEmpty();
  }

  private static void collect(JsonNode tree, List<String> keys) {
    if (tree.isObject()) {
      tree.properties()
          .forEach(
              entry -> {
                keys.add(entry.getKey());
                if (!NAMED.contains(entry.getKey())) {
                  collect(entry.getValue(), keys);
                }
              });
    } else {
      tree.forEach(element -> collect(element, keys));
    }
  }

  private static List<Path> resources(String ending) throws IOException {
    return files("src/main/resources", ending);
  }

  private static List<Path> files(String under, String ending) throws IOException {
    List<Path> files = new ArrayList<>();
    Path root = Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("");
    for (String module : List.of("eval", "detection", "segmentation", "pretrain", "leaderboard")) {
      Path folder = root.resolve(module).resolve(under);
      if (Files.isDirectory(folder)) {
        try (Stream<Path> all = Files.walk(folder)) {
          all.filter(file -> file.toString().endsWith(ending)).sorted().forEach(files::add);
        }
      }
    }
    return files;
  }
}
