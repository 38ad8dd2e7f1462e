package downstream.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.cli.Main;
import downstream.eval.data.Image;
import downstream.eval.data.LabelMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreSegmentationVerbTest {
  @TempDir private Path folder;

  private String out = "";
  private String error = "";

  @Test
  void scores_two_folders() {
    map("gt/a.png", 2, 0, 0, 1, 255);
    map("gt/sub/b.png", 2, 1, 1);
    map("dt/a.png", 2, 0, 1, 1, 0);
    map("dt/sub/b.png", 2, 1, 1);

    assertThat(score("--classes", "2", "--format", "json")).isZero();

    JsonNode result = Json.parseYaml("stdout", out);
    // Class 0: 1 of 2; class 1: 3 of 4.
    assertThat(result.at("/metrics/mIoU").doubleValue()).isEqualTo((1 / 2.0 + 3 / 4.0) / 2);
    assertThat(result.at("/metrics/aAcc").doubleValue()).isEqualTo(4 / 5.0);
    assertThat(result.at("/perClass/0/IoU").doubleValue()).isEqualTo(0.5);
    assertThat(Json.canonical(result.get("confusion"))).isEqualTo("[[1,1],[0,3]]");
    assertThat(result.at("/counts/ignoredPixels").longValue()).isEqualTo(1);
    assertThat(result.get("warnings")).isEmpty();
  }

  @Test
  void says_null_where_there_is_no_figure_and_why() {
    map("gt/a.png", 2, 0, 0);
    map("dt/a.png", 2, 0, 0);
    map("dt/more.png", 2, 0, 0);

    assertThat(score("--classes", "2", "--format", "json")).isZero();

    JsonNode result = Json.parseYaml("stdout", out);
    assertThat(result.at("/metrics/mIoU.torchvision").isNull()).isTrue();
    assertThat(result.at("/metrics/mIoU").doubleValue()).isEqualTo(1);
    assertThat(result.get("warnings").toString())
        .contains("more.png has no truth: not counted")
        .contains("class '1' is neither true nor predicted anywhere");
  }

  @Test
  void takes_class_names_from_a_file_and_ignored_values_out() throws IOException {
    map("gt/a.png", 3, 0, 1, 2);
    map("dt/a.png", 3, 0, 1, 1);
    Path names = Files.writeString(folder.resolve("classes.txt"), "sky\nroad\nvoid\n");

    assertThat(score("--classes", names.toString(), "--ignore", "2")).isZero();

    assertThat(out).contains("mIoU              1.0000").contains("road").doesNotContain("void");
  }

  @Test
  void refuses_a_size_that_differs() {
    map("gt/a.png", 2, 0, 0);
    map("dt/a.png", 1, 0, 0);

    assertThat(score("--classes", "2")).isEqualTo(2);
    assertThat(error).contains("a.png: is 1×2 pixels, but the truth is 2×1");
  }

  @Test
  void refuses_a_missing_prediction() {
    map("gt/a.png", 2, 0, 0);
    map("gt/b.png", 2, 0, 0);
    map("dt/a.png", 2, 0, 0);

    assertThat(score("--classes", "2")).isEqualTo(2);
    assertThat(error).contains("dt: has no label map 'b.png'");
  }

  @Test
  void refuses_a_coloured_prediction() {
    map("gt/a.png", 2, 0, 0);
    Image.filled(2, 1, 0xff0000).writePng(folder.resolve("dt/a.png"));

    assertThat(score("--classes", "2")).isEqualTo(2);
    assertThat(error).contains("a.png: expected one channel, found RGB");
  }

  @Test
  void refuses_an_empty_folder() throws IOException {
    Files.createDirectories(folder.resolve("gt"));
    map("dt/a.png", 2, 0, 0);

    assertThat(score("--classes", "2")).isEqualTo(2);
    assertThat(error).contains("gt: holds no PNG");
  }

  @Test
  void refuses_a_predicted_value_that_is_no_class() {
    map("gt/a.png", 2, 0, 0);
    map("dt/a.png", 2, 0, 5);

    assertThat(score("--classes", "2")).isEqualTo(2);
    assertThat(error).contains("a.png: the prediction holds the value 5, but classes are 0 to 1");
  }

  @Test
  void refuses_classes_that_are_neither_number_nor_file() {
    map("gt/a.png", 2, 0, 0);
    map("dt/a.png", 2, 0, 0);

    assertThat(score("--classes", "none.txt")).isEqualTo(2);
    assertThat(error).contains("--classes: expected a number or a text file, found 'none.txt'");
    assertThat(score("--classes", "0")).isEqualTo(2);
    assertThat(error).contains("--classes: expected 1 to 255 classes, found 0");
  }

  private void map(String name, int width, int... values) {
    LabelMap.of(width, values.length / width, AgreementTest.bytes(values))
        .writePng(folder.resolve(name));
  }

  /** Runs the verb on {@code gt} and {@code dt}; keeps what it prints. */
  private int score(String... options) {
    String[] line = new String[6 + options.length];
    String[] first = {"score", "segmentation", "--gt", path("gt"), "--predictions", path("dt")};
    System.arraycopy(first, 0, line, 0, 6);
    System.arraycopy(options, 0, line, 6, options.length);
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    PrintStream outBefore = System.out;
    PrintStream errorBefore = System.err;
    System.setOut(new PrintStream(stdout, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(stderr, true, StandardCharsets.UTF_8));
    try {
      return Main.run(line);
    } finally {
      System.setOut(outBefore);
      System.setErr(errorBefore);
      out = stdout.toString(StandardCharsets.UTF_8);
      error = stderr.toString(StandardCharsets.UTF_8);
    }
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }
}
