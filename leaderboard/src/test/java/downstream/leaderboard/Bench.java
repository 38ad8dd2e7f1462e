package downstream.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.cli.Main;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.testing.SpansTask;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/** A workbench: data of {@link SpansTask}, encoders, and runs made by the real {@code eval}. */
public record Bench(Path folder) {
  private static final int IMAGES = 24;

  /** What a command printed, and its exit code. */
  public record Said(int code, String out, String err) {}

  /** Lays out data and three encoders: good, fair and random. */
  public static Bench in(Path folder) throws IOException {
    Path images = Files.createDirectories(folder.resolve("data/val"));
    Path train = Files.createDirectories(folder.resolve("data/train"));
    for (int i = 0; i < IMAGES; i++) {
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
      image.setRGB(0, 0, 10 * i);
      ImageIO.write(image, "png", images.resolve("p" + i + ".png").toFile());
    }
    Files.copy(images.resolve("p0.png"), train.resolve("t0.png"));
    Files.writeString(
        folder.resolve("data/data.yaml"),
        """
        name: lines
        train: [{format: images, images: train}]
        val: [{format: images, images: val}]
        """);
    List<String> names = List.of("good", "fair", "random");
    for (String name : names) {
      encoder(folder.resolve(name + ".onnx"), name);
    }
    return new Bench(folder);
  }

  private static void encoder(Path file, String name) {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    var pretrain = Json.MAPPER.createObjectNode().put("method", name).put("training_flops", 1e12);
    VisionTransformer.build(
            new VitArchitecture(16, 8, 8, 1, 2, 4), name, name.length() * 31L, half, half, pretrain)
        .write(file);
  }

  /** The folder of the runs. */
  public Path runs() {
    return folder.resolve("runs");
  }

  /** The data set. */
  public Path data() {
    return folder.resolve("data");
  }

  /** The first run of an encoder, its JSON file. */
  public Path run(String encoder, long seed) throws IOException {
    try (var files = Files.walk(runs().resolve(encoder))) {
      return files.filter(f -> f.endsWith("run-" + seed + ".json")).findFirst().orElseThrow();
    }
  }

  /** Makes runs with seeds from {@code first}. */
  public Bench eval(String encoder, long first, int seeds, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of("eval", folder.resolve(encoder + ".onnx").toString(), "--task", "spans"));
    command.addAll(List.of("--data", data().toString(), "--protocol", "plain"));
    command.addAll(List.of("--first-seed", "" + first, "--seeds", "" + seeds));
    command.addAll(List.of("--device", "cpu"));
    if (!Arrays.asList(more).contains("--control")) {
      command.addAll(List.of("--control", "none"));
    }
    command.addAll(List.of("--plots", "0"));
    command.addAll(Arrays.asList(more));
    if (!command.contains("--out")) {
      command.addAll(List.of("--out", runs().toString()));
    }
    Said said = downstream(command.toArray(new String[0]));
    assertThat(said.code()).as(said.err()).isZero();
    return this;
  }

  /** Runs a command of the program in this process. */
  public static Said downstream(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    var outBytes = new java.io.ByteArrayOutputStream();
    var errBytes = new java.io.ByteArrayOutputStream();
    System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(arguments);
      return new Said(
          code,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
