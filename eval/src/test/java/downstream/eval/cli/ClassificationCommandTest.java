package downstream.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.data.image.Image;
import downstream.eval.run.Fakes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The task through the commands, on image folders. */
class ClassificationCommandTest {
  @TempDir private Path folder;
  private String out = "";
  private String err = "";

  @BeforeEach
  void write_images_and_encoder() throws IOException {
    Random random = new Random(1);
    for (String split : List.of("train", "val")) {
      for (int label = 0; label < 2; label++) {
        for (int i = 0; i < 8; i++) {
          byte[] rgb = new byte[3 * 20 * 12];
          for (int j = 0; j < rgb.length; j++) {
            rgb[j] = (byte) (random.nextInt(60) + (j % 3 == label ? 190 : 20));
          }
          String name = split + "/" + List.of("red", "green").get(label) + "/" + i + ".png";
          Image.of(20, 12, rgb).writePng(folder.resolve(name));
        }
      }
    }
    Files.writeString(
        folder.resolve("data.yaml"),
        """
        name: colours
        train: [{format: image-folder, images: train}]
        val: [{format: image-folder, images: val}]
        """);
    Fakes.encoder("tiny", 0).write(folder.resolve("tiny.onnx"));
  }

  private int run(List<String> arguments) {
    StringWriter printed = new StringWriter();
    StringWriter said = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(printed)).setErr(new PrintWriter(said));
    int code = command.execute(arguments.toArray(String[]::new));
    out = printed.toString();
    err = said.toString();
    return code;
  }

  private int eval(String protocol, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("eval", folder.resolve("tiny.onnx").toString()));
    arguments.addAll(List.of("--task=classification", "--protocol=" + protocol));
    arguments.addAll(List.of("--data=" + folder.resolve("data.yaml"), "--format=csv"));
    arguments.addAll(List.of("--out=" + folder.resolve("runs"), "--set=data.imageSize=16"));
    arguments.addAll(List.of(more));
    return run(arguments);
  }

  private List<Path> runs() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("runs"))) {
      return files.filter(file -> file.endsWith("run-0.json")).sorted().toList();
    }
  }

  @Test
  void scores_image_folders_beside_the_random_init_control_and_rescores_them() throws IOException {
    assertThat(eval("knn", "--seeds=2")).as(err).isZero();
    assertThat(out).startsWith("encoder,data,split,seed,status,top1,top5,mAcc,run");
    assertThat(out).contains("tiny,colours,val,1,ok,1.0");
    assertThat(runs()).hasSize(2);
    for (Path run : runs()) {
      assertThat(Json.read(run).at("/counts/examples").asInt()).isEqualTo(16);
      assertThat(run.resolveSibling("run-0/plots/confusion.png")).exists();
      assertThat(run(List.of("rescore", run.toString()))).as(err).isZero();
      assertThat(err).contains("equal to the last digit");
    }
    assertThat(eval("knn", "--seeds=2")).isZero();
    assertThat(out).contains("ok (stored before)");
  }

  @Test
  void fine_tuning_stores_a_loss_curve_and_a_determinism_check() throws IOException {
    assertThat(eval("smoke", "--control=none")).as(err).isZero();
    Path run = runs().get(0);
    assertThat(Json.read(run).at("/determinism/steps").asInt()).isEqualTo(2);
    assertThat(run.resolveSibling("run-0/plots/loss.png")).exists();
  }
}
