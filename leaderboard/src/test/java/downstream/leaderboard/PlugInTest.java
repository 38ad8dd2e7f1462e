package downstream.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import downstream.eval.Json;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A third party's jar in {@code plugins/} is a task like any other: the real launcher runs it in a
 * process of its own, on a tree made of this build's class path.
 */
class PlugInTest {
  private static final Path LAUNCHER = Path.of("../launcher/downstream").toAbsolutePath();

  @TempDir private Path folder;

  /** What a process printed, and its exit code. */
  private record Said(int code, String out, String err) {}

  @BeforeEach
  void build_a_tree_and_a_plug_in() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "the launcher is a bash script");
    assumeTrue(Files.exists(LAUNCHER), "runs in the repository, where the launcher lies");
    Files.createDirectories(folder.resolve("tree/bin"));
    Files.createDirectories(folder.resolve("tree/lib"));
    Files.createDirectories(folder.resolve("tree/plugins"));
    Files.copy(LAUNCHER, folder.resolve("tree/bin/downstream"));
    layOutClassPath();
    buildPlugIn();
  }

  /** One jar whose manifest names the whole class path of this build. */
  private void layOutClassPath() throws IOException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toUri().toString())
            .collect(Collectors.joining(" "));
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    Path jar = folder.resolve("tree/lib/class-path.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }

  private void buildPlugIn() throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Path source = folder.resolve("BrightnessTask.java");
    try (var in = PlugInTest.class.getResourceAsStream("/plugin/BrightnessTask.java")) {
      Files.write(source, Objects.requireNonNull(in).readAllBytes());
    }
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), source.toString());
    assertThat(failed).as("compiler errors").isZero();
    write(classes, "META-INF/services/downstream.eval.task.Task", "thirdparty.BrightnessTask\n");
    write(classes, "protocols/brightness/pixel.yaml", "data: {labelFraction: 1.0, labelSeed: 0}\n");
    jar(classes, folder.resolve("tree/plugins/brightness.jar"));
  }

  private static void write(Path root, String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  private static void jar(Path classes, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, entries);
      }
    }
  }

  private Said downstream(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/bash", "tree/bin/downstream"));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().remove("DOWNSTREAM_PLUGINS");
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ends in time").isTrue();
    return new Said(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private void makeData() throws IOException {
    for (String split : List.of("train", "val")) {
      Path images = Files.createDirectories(folder.resolve(split));
      for (int i = 0; i < 2; i++) {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 255 * i);
        ImageIO.write(image, "png", images.resolve(i + ".png").toFile());
      }
    }
    write(
        folder,
        "data.yaml",
        """
        name: blues
        train: [{format: images, images: train}]
        val: [{format: images, images: val}]
        """);
    List<Double> half = List.of(0.5, 0.5, 0.5);
    VisionTransformer.build(
            new VitArchitecture(16, 8, 8, 1, 2, 4),
            "tiny",
            0,
            half,
            half,
            Json.MAPPER.createObjectNode())
        .write(folder.resolve("tiny.onnx"));
  }

  @Test
  void is_listed_run_and_ranked() throws Exception {
    Said ls = downstream("ls");
    assertThat(ls.out()).as(ls.err()).containsPattern("task +brightness +How blue an image is.");
    makeData();
    Said eval =
        downstream(
            "eval",
            "tiny.onnx",
            "--task",
            "brightness",
            "--data",
            "data.yaml",
            "--protocol",
            "pixel",
            "--out",
            "runs",
            "--format",
            "csv");
    assertThat(eval.code()).as(eval.err()).isZero();
    // One image is blue, one is black.
    assertThat(eval.out()).contains("tiny,blues,val,0,ok,0.5,");
    Said board = downstream("leaderboard", "build", "runs", "--out", "board");
    assertThat(board.code()).as(board.err()).isZero();
    assertThat(board.out()).contains("brightness 3: blues/val, protocol pixel").contains("0.5000");
  }
}
