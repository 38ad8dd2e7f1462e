package downstream.segmentation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.LabelMap;
import downstream.segmentation.metrics.Given;
import downstream.segmentation.metrics.Printed;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreSegmentationCommandTest {
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
    assertThat(result.at("/per_class/0/IoU").doubleValue()).isEqualTo(0.5);
    assertThat(Json.canonical(result.get("confusion"))).isEqualTo("[[1,1],[0,3]]");
    assertThat(result.at("/counts/ignored_pixels").longValue()).isEqualTo(1);
    assertThat(result.get("warnings")).isEmpty();
  }

  @Test
  void says_null_where_there_is_no_figure_and_why() {
    map("gt/a.png", 2, 0, 0);
    map("dt/a.png", 2, 0, 0);
    map("dt/more.png", 2, 0, 0);

    assertThat(score("--classes", "2", "--format", "json")).isZero();

    JsonNode result = Json.parseYaml("stdout", out);
    assertThat(result.at("/metrics/conventions/torchvision/mIoU").isNull()).isTrue();
    assertThat(result.at("/metrics/conventions/detectron2/mIoU").doubleValue()).isEqualTo(1);
    assertThat(result.at("/metrics/mIoU").doubleValue()).isEqualTo(1);
    assertThat(result.get("warnings").toString())
        .contains("more.png has no ground truth: not counted")
        .contains("class '1' is neither true nor predicted anywhere");
  }

  @Test
  void takes_class_names_from_a_file_and_ignored_values_out() throws IOException {
    map("gt/a.png", 3, 0, 1, 2);
    map("dt/a.png", 3, 0, 1, 1);
    Path names = Files.writeString(folder.resolve("classes.txt"), "sky\nroad\nvoid\n");

    assertThat(score("--classes", names.toString(), "--ignore", "2")).isZero();

    assertThat(out).containsPattern("mIoU +1.0000").contains("road").doesNotContain("void");
  }

  @Test
  void refuses_a_size_that_differs() {
    map("gt/a.png", 2, 0, 0);
    map("dt/a.png", 1, 0, 0);

    assertThat(score("--classes", "2")).isEqualTo(2);
    assertThat(error).contains("a.png: is 1×2 pixels, but the ground truth is 2×1");
  }

  @Test
  void refuses_a_missing_prediction() {
    map("gt/a.png", 2, 0, 0);
    map("gt/b.png", 2, 0, 0);
    map("dt/a.png", 2, 0, 0);

    assertThat(score("--classes", "2")).isEqualTo(2);
    assertThat(error)
        .contains("dt/b.png: no such prediction; 1 of 2 label maps have none")
        .contains("the nearest is 'a.png'");
  }

  @Test
  void refuses_a_coloured_prediction() {
    map("gt/a.png", 2, 0, 0);
    Image.filled(2, 1, 0xff0000).writePng(folder.resolve("dt/a.png"));

    assertThat(score("--classes", "2")).isEqualTo(2);
    assertThat(error).contains("a.png: expected one channel, found RGB");
  }

  @Test
  void refuses_a_coloured_truth() {
    map("dt/a.png", 2, 0, 0);
    Image.filled(2, 1, 0xff0000).writePng(folder.resolve("gt/a.png"));

    assertThat(score("--classes", "2")).isEqualTo(2);
    assertThat(error).contains("gt/a.png: expected one channel, found RGB of 8 bits");
  }

  @Test
  void refuses_16_bits() throws IOException {
    map("gt/a.png", 2, 0, 0);
    Files.createDirectories(folder.resolve("dt"));
    ImageIO.write(
        new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY),
        "png",
        folder.resolve("dt/a.png").toFile());

    assertThat(score("--classes", "2")).isEqualTo(2);
    assertThat(error).contains("a.png: expected 8 bits or less, found grey of 16 bits");
  }

  @Test
  void refuses_what_is_no_png_though_it_is_called_one() throws IOException {
    map("gt/a.png", 2, 0, 0);
    Files.createDirectories(folder.resolve("dt"));
    Files.writeString(folder.resolve("dt/a.png"), "nothing");

    assertThat(score("--classes", "2")).isEqualTo(2);
    assertThat(error).contains("a.png: expected a PNG, found 'nothing'");
  }

  @Test
  void refuses_a_true_value_that_is_no_class_and_says_what_to_do() {
    map("gt/a.png", 2, 0, 11);
    map("dt/a.png", 2, 0, 0);

    assertThat(score("--classes", "2")).isEqualTo(2);
    assertThat(error).contains("the ground truth holds the value 11, but classes are 0 to 1");
    assertThat(score("--classes", "2", "--ignore", "11,255")).isZero();
  }

  @Test
  void refuses_an_ignored_value_that_no_pixel_can_have() {
    map("gt/a.png", 2, 0, 1);
    map("dt/a.png", 2, 0, 0);

    assertThat(score("--classes", "2", "--ignore", "256")).isEqualTo(2);
    assertThat(error).contains("--ignore: expected values 0 to 255, found [256]");
  }

  /** The headline goes by the convention; all three are printed beside it. */
  @Test
  void gives_the_three_conventions() {
    map("gt/a.png", 4, 0, 0, 1, 1);
    map("dt/a.png", 4, 0, 2, 1, 1);

    assertThat(score("--classes", "3", "--format", "json")).isZero();
    JsonNode mmseg = Json.parseYaml("stdout", out);
    assertThat(mmseg.at("/metrics/mIoU").doubleValue()).isEqualTo(0.5);
    assertThat(score("--classes", "3", "--format", "json", "--convention", "detectron2")).isZero();
    JsonNode detectron2 = Json.parseYaml("stdout", out);
    assertThat(detectron2.at("/metrics/mIoU").doubleValue()).isEqualTo(0.75);
    for (JsonNode result : List.of(mmseg, detectron2)) {
      JsonNode conventions = result.at("/metrics/conventions");
      assertThat(conventions.at("/mmseg/mIoU").doubleValue()).isEqualTo(0.5);
      assertThat(conventions.at("/detectron2/mIoU").doubleValue()).isEqualTo(0.75);
      assertThat(conventions.at("/torchvision/mIoU").doubleValue()).isEqualTo(0.5);
    }
    assertThat(score("--classes", "3")).isZero();
    assertThat(out).containsPattern("detectron2 +0.7500").containsPattern("mmseg +0.5000");
  }

  @Test
  void prints_csv_with_a_figure_a_row() {
    map("gt/a.png", 2, 0, 1);
    map("dt/a.png", 2, 0, 1);

    assertThat(score("--classes", "2", "--format", "csv")).isZero();
    assertThat(out.lines().findFirst()).hasValue("convention,class,metric,value");
    assertThat(out)
        .contains("mmseg,,mIoU,1.0\r\n")
        .contains("torchvision,,mIoU,1.0\r\n")
        .contains(",1,IoU,1.0\r\n");
  }

  @Test
  void gives_boundary_iou_when_asked() {
    map("gt/a.png", 3, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    map("dt/a.png", 3, 0, 0, 0, 0, 1, 0, 0, 0, 0);

    assertThat(score("--classes", "2", "--boundary", "--format", "json")).isZero();
    assertThat(out)
        .as("keys in snake_case")
        .doesNotContainPattern("\"(?!m[A-Z]|aAcc|fwIoU|mask[A-Z])[a-z]\\w*[A-Z]\\w*\" ?:");
    JsonNode result = Json.parseYaml("stdout", out);
    // Outline of 0: the 8 pixels at the border in both. The predicted 1 is all outline, no hit.
    assertThat(result.at("/per_class/0/BoundaryIoU").doubleValue()).isEqualTo(1);
    assertThat(result.at("/per_class/1/BoundaryIoU").doubleValue()).isZero();
    assertThat(result.at("/metrics/mBoundaryIoU").doubleValue()).isEqualTo(0.5);
    assertThat(result.at("/metrics/conventions/detectron2").has("mBoundaryIoU")).isTrue();
  }

  @Test
  void takes_class_names_from_a_yaml() throws IOException {
    map("gt/a.png", 2, 0, 1);
    map("dt/a.png", 2, 0, 1);
    Path names = Files.writeString(folder.resolve("data.yaml"), "classes: [sky, road]\n");

    assertThat(score("--classes", names.toString())).isZero();
    assertThat(out).contains("sky").contains("road");
  }

  /** Through files and both processors, against counting pixel by pixel. */
  @Test
  void agrees_with_a_slow_reference_on_random_maps() {
    SplittableRandom random = new SplittableRandom(5);
    long[][] slow = new long[4][4];
    for (int n = 0; n < 9; n++) {
      int[] groundTruth = new int[7 * 37];
      int[] prediction = new int[7 * 37];
      for (int i = 0; i < groundTruth.length; i++) {
        boolean same = i > 0 && random.nextInt(3) > 0;
        groundTruth[i] =
            same ? groundTruth[i - 1] : random.nextInt(6) == 0 ? 255 : random.nextInt(4);
        prediction[i] = same ? prediction[i - 1] : random.nextInt(4);
        if (groundTruth[i] != 255) {
          slow[groundTruth[i]][prediction[i]]++;
        }
      }
      map("gt/" + n + ".png", 37, groundTruth);
      map("dt/" + n + ".png", 37, prediction);
    }

    assertThat(score("--classes", "4", "--format", "json")).isZero();
    JsonNode result = Json.parseYaml("stdout", out);
    assertThat(Json.canonical(result.get("confusion"))).isEqualTo(Json.canonical(slow));
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
    LabelMap.of(width, values.length / width, Given.bytes(values)).writePng(folder.resolve(name));
  }

  /** Runs the command on {@code gt} and {@code dt}; keeps what it prints. */
  private int score(String... options) {
    String[] line = {"score", "segmentation", "--gt", path("gt"), "--predictions", path("dt")};
    Printed printed = Printed.by(line, options);
    out = printed.out();
    error = printed.err();
    return printed.code();
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }
}
