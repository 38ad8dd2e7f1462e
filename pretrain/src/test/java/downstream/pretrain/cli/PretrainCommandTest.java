package downstream.pretrain.cli;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.cli.Main;
import downstream.eval.data.ImageList;
import downstream.eval.encoder.EncoderFile;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.TestImages;
import downstream.pretrain.settings.EncoderSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PretrainCommandTest {
  private static final List<String> SMALL =
      List.of(
          "encoder.imageSize=16",
          "encoder.patchSize=4",
          "encoder.width=16",
          "encoder.depth=1",
          "encoder.attentionHeads=2");

  /** Images, and the finished pretrainings with seed 3 that several tests look at. */
  @TempDir private static Path shared;

  @TempDir Path folder;

  @BeforeAll
  static void images() {
    TestImages.write(shared.resolve("images"), 16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mae", "simmim", "pimask", "simsiam", "moco", "simclr", "densecl", "slotcon", "swav",
        "siamese", "dino", "ibot", "byol", "orl", "ioca", "ae", "dae", "vae", "random"
      })
  void same_seed_gives_the_same_bytes_and_another_seed_others(String method) throws IOException {
    byte[] first = Files.readAllBytes(onnx(method));
    assertThat(pretrained(method, "second", 3)).isEqualTo(first);
    assertThat(pretrained(method, "third", 4)).isNotEqualTo(first);
  }

  @Test
  void trace_shows_each_step_of_a_training() throws IOException {
    Path trace = folder.resolve("trace.json");
    List<String> command = new ArrayList<>(List.of(command("mae", "traced", 3)));
    command.addAll(List.of("--trace", trace.toString()));
    assertThat(run(command.toArray(String[]::new))).isEmpty();
    List<String> names = new ArrayList<>();
    Json.read(trace).forEach(event -> names.add(event.path("name").asText()));
    assertThat(names.stream().filter("step"::equals)).hasSize(2 * 16 / 8);
    assertThat(names).contains("backward", "load example", "make arrays", "checkpoint write");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mae", "simmim", "pimask", "simsiam", "moco", "simclr", "densecl", "slotcon", "swav",
        "siamese", "dino", "ibot", "byol", "dae", "vae"
      })
  void trained_encoder_says_where_it_comes_from(String method) throws IOException {
    EncoderFile file = EncoderFile.read(onnx(method));
    var provenance = file.provenance();
    assertThat(provenance.path("method").asText()).isEqualTo(method);
    assertThat(provenance.path("settings").path("encoder").path("width").asInt()).isEqualTo(16);
    assertThat(provenance.path("seed").asInt()).isEqualTo(3);
    assertThat(provenance.path("images").path("count").asInt()).isEqualTo(16);
    assertThat(provenance.path("images_seen").asInt()).isEqualTo(32);
    assertThat(provenance.path("training_flops").asLong()).isPositive();
    for (String name : List.of(method + ".provenance.json", "log.jsonl")) {
      assertThat(finished(method).resolve(name))
          .content()
          .as("keys in snake_case")
          .doesNotContainPattern("\"(?!m[A-Z]|aAcc|fwIoU|mask[A-Z])[a-z]\\w*[A-Z]\\w*\" ?:");
    }
    assertThat(finished(method).resolve("loss.png")).isNotEmptyFile();
  }

  @Test
  void list_of_images_lies_beside_the_encoder_and_is_named_in_it() throws IOException {
    EncoderFile file = EncoderFile.read(onnx("mae"));
    Path list = finished("mae").resolve("mae.images.txt");
    assertThat(file.images()).contains(list);
    assertThat(file.provenance().at("/images/list").asText()).isEqualTo(Digest.of(list));
    assertThat(ImageList.read(list).entries()).hasSize(16);
    assertThat(ImageList.read(finished("random").resolve("random.images.txt")))
        .isEqualTo(ImageList.EMPTY);
  }

  @Test
  void encoder_that_goes_on_from_one_without_a_list_has_none() throws IOException {
    Path ioca = finished("ioca");
    assertThat(ImageList.read(ioca.resolve("ioca.images.txt")).entries()).hasSize(16);
    Path stage1 = copy(ioca.resolve("stage1"), folder.resolve("stage1")).resolve("mae.onnx");
    Files.delete(folder.resolve("stage1/mae.images.txt"));
    List<String> command = new ArrayList<>(List.of(command("ioca", "second", 3)));
    command.addAll(List.of("--stage1", stage1.toString()));
    assertThat(run(command.toArray(String[]::new))).isEmpty();
    EncoderFile file = EncoderFile.read(folder.resolve("second/ioca.onnx"));
    assertThat(file.images()).isEmpty();
    assertThat(file.provenance().at("/images/list").isMissingNode()).isTrue();
  }

  @Test
  void control_is_what_training_starts_from() throws IOException {
    EncoderFile control = EncoderFile.read(onnx("random"));
    EncoderFile start = TestEncoders.VIT.randomInit("anything", 3);
    assertThat(control.model().getGraph().getInitializerList())
        .isEqualTo(start.model().getGraph().getInitializerList());
  }

  @Test
  void resolved_configuration_can_be_fed_back() throws IOException {
    byte[] first = Files.readAllBytes(onnx("mae"));
    String config = finished("mae").resolve("config.resolved.yaml").toString();
    String out = folder.resolve("again").toString();
    assertThat(run("pretrain", "mae", "--config", config, "--out", out)).isEmpty();
    assertThat(folder.resolve("again/mae.onnx")).hasBinaryContent(first);
  }

  @Test
  void same_command_in_a_finished_folder_ends_with_the_same_file() throws IOException {
    byte[] first = Files.readAllBytes(onnx("mae"));
    assertThat(run(command("mae", finished("mae"), 3))).isEmpty();
    assertThat(onnx("mae")).hasBinaryContent(first);
  }

  @Test
  void folder_of_another_pretraining_is_refused() throws IOException {
    byte[] first = Files.readAllBytes(onnx("mae"));
    assertThat(run(command("mae", finished("mae"), 4)))
        .contains("is in use by another pretraining", "\"seed\":3", "\"seed\":4");
    assertThat(onnx("mae")).hasBinaryContent(first);
  }

  @Test
  void folder_that_holds_something_else_is_refused() throws IOException {
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/thesis.txt"), "all of it");
    assertThat(run(command("mae", "out", 4))).contains("is in use: it holds 'thesis.txt'");
  }

  @Test
  void output_under_a_file_is_refused_before_training() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    assertThat(run(command("mae", "file/out", 4))).contains("cannot be written");
  }

  @ParameterizedTest
  @ValueSource(strings = {"orl", "ioca"})
  void last_stage_that_broke_off_repeats_neither_stage_1_nor_the_mining(String method)
      throws IOException {
    byte[] first = Files.readAllBytes(onnx(method));
    Path out = copy(finished(method), folder.resolve("out"));
    Files.delete(out.resolve("checkpoint.bin"));
    Files.delete(out.resolve(method + ".onnx"));
    String before = method.equals("ioca") ? "mae" : "byol";
    FileTime stage1 = Files.getLastModifiedTime(out.resolve("stage1/checkpoint.bin"));
    FileTime mining = Files.getLastModifiedTime(out.resolve("mining/pairs.jsonl"));
    assertThat(pretrained(method, "out", 3)).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(out.resolve("stage1/checkpoint.bin"))).isEqualTo(stage1);
    assertThat(Files.getLastModifiedTime(out.resolve("mining/pairs.jsonl"))).isEqualTo(mining);
    assertThat(out.resolve("stage1/" + before + ".onnx")).isNotEmptyFile();
  }

  @Test
  void stages_that_are_given_are_not_done_and_their_cost_is_taken_over() throws IOException {
    EncoderFile whole = EncoderFile.read(onnx("ioca"));
    List<String> command = new ArrayList<>(List.of(command("ioca", "second", 3)));
    command.addAll(List.of("--stage1", finished("ioca").resolve("stage1/mae.onnx").toString()));
    command.addAll(List.of("--pairs", finished("ioca").resolve("mining/pairs.jsonl").toString()));
    assertThat(run(command.toArray(String[]::new))).isEmpty();
    EncoderFile file = EncoderFile.read(folder.resolve("second/ioca.onnx"));
    assertThat(folder.resolve("second/stage1")).doesNotExist();
    assertThat(folder.resolve("second/mining")).doesNotExist();
    assertThat(file.provenance().path("training_flops").asLong())
        .isEqualTo(whole.provenance().path("training_flops").asLong())
        .isPositive();
    assertThat(file.provenance().path("stages")).hasSize(3);
    assertThat(file.model().getGraph().getInitializerList())
        .isEqualTo(whole.model().getGraph().getInitializerList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"simsiam", "byol", "simmim"})
  void training_starts_from_the_encoder_of_another_method(String method) throws IOException {
    pretrained("mae", "first", 3);
    Path file = folder.resolve("first/mae.onnx");
    List<String> command = new ArrayList<>(List.of(command(method, "second", 4)));
    command.addAll(List.of("--init", file.toString(), "--name", "chained"));
    command.addAll(List.of("--set", "training.baseLearningRate=1e-12"));
    assertThat(run(command.toArray(String[]::new))).isEmpty();
    EncoderFile before = EncoderFile.read(file);
    EncoderFile after = EncoderFile.read(folder.resolve("second/chained.onnx"));
    // At that rate nothing moves.
    Map<String, float[]> start = initializers(before);
    assertThat(initializers(after).keySet()).isEqualTo(start.keySet());
    initializers(after)
        .forEach(
            (name, v) -> assertThat(v).as(name).containsExactly(start.get(name), within(1e-6f)));
    var provenance = after.provenance();
    assertThat(provenance.at("/stages/0/stage").asText()).isEqualTo("init");
    assertThat(provenance.path("training_flops").asLong())
        .isGreaterThan(before.provenance().path("training_flops").asLong());
    assertThat(ImageList.read(folder.resolve("second/chained.images.txt")).entries()).hasSize(16);
  }

  @Test
  void start_that_is_no_encoder_of_the_settings_is_refused() throws IOException {
    Path other = folder.resolve("other.onnx");
    EncoderSettings.vit(16, 4, 32, 1, 2).randomInit("other", 0).write(other);
    for (String[] wrong :
        List.of(
            new String[] {"simsiam", other.toString(), "is not the encoder of the settings"},
            new String[] {"orl", "missing.onnx", "encoder.init must be the file of an encoder"},
            new String[] {"random", other.toString(), "random weights are all there is"})) {
      List<String> command = new ArrayList<>(List.of(command(wrong[0], "out-" + wrong[0], 3)));
      command.addAll(List.of("--init", wrong[1]));
      assertThat(run(command.toArray(String[]::new))).contains(wrong[2]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mae", "ioca", "orl"})
  void methods_that_show_parts_of_the_grid_refuse_relative_positions(String method) {
    List<String> command = new ArrayList<>(List.of(command(method, "out", 3)));
    command.addAll(List.of("--set", "encoder.blocks.relativePositions=true"));
    assertThat(run(command.toArray(String[]::new)))
        .contains("encoder.blocks.relativePositions must be false");
  }

  @Test
  void stage_1_of_another_network_is_refused() throws IOException {
    Path other = folder.resolve("other.onnx");
    EncoderSettings.vit(16, 4, 32, 1, 2).randomInit("other", 0).write(other);
    List<String> command = new ArrayList<>(List.of(command("ioca", "out", 3)));
    command.addAll(List.of("--stage1", other.toString()));
    assertThat(run(command.toArray(String[]::new)))
        .contains("is not the encoder of the settings", "expected", "Set encoder.*");
    assertThat(run("pretrain", "mae", "--images", "x", "--out", "y", "--stage1", "z.onnx"))
        .contains("unknown key 'stage1Encoder'");
    assertThat(run("pretrain", "orl", "--images", "x", "--out", "y", "--stage1", "z.onnx"))
        .contains("'z.onnx' is not a file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mae", "ioca"})
  void dry_run_leaves_nothing_behind(String method) {
    List<String> command = new ArrayList<>(List.of(command(method, "out", 3)));
    command.add("--dry-run");
    assertThat(run(command.toArray(String[]::new))).isEmpty();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void minutes_are_measured_once() throws IOException {
    List<String> command = new ArrayList<>(List.of(command("mae", "out", 3)));
    command.set(command.indexOf("epochs=2"), "minutes=0.01");
    assertThat(run(command.toArray(String[]::new))).isEmpty();
    byte[] steps = Files.readAllBytes(folder.resolve("out/steps.json"));
    assertThat(run(command.toArray(String[]::new))).isEmpty();
    assertThat(folder.resolve("out/steps.json")).hasBinaryContent(steps);
  }

  @Test
  void unknown_preset_names_those_there_are() {
    assertThat(run("pretrain", "mae", "--images", "x", "--out", "y", "--preset", "huge"))
        .contains("--preset huge: mae has no such preset", "[smoke, small, paper]");
  }

  @Test
  void unknown_setting_names_the_nearest() throws IOException {
    assertThat(run("pretrain", "mae", "--images", "x", "--out", "y", "--set", "maskratio=0.5"))
        .contains("unknown key 'maskratio'", "Did you mean 'maskRatio'?");
    Path config = Files.writeString(folder.resolve("c.yaml"), "budgt: epochs=3\n");
    assertThat(run("pretrain", "mae", "--images", "x", "--out", "y", "--config", config.toString()))
        .contains("c.yaml: unknown key 'budgt'", "Did you mean 'budget'?");
  }

  @Test
  void impossible_settings_are_refused() {
    assertThat(refused("maskRatio=1")).contains("maskRatio must hide some of the 64 tokens");
    assertThat(refused("encoder.patchSize=7"))
        .contains("imageSize 64 must be a multiple of patch 7");
    assertThat(refused("decoder.width=30")).contains("decoder.width must be a multiple of 4");
    assertThat(refused("encoder.network=resnet50")).contains("encoder.network must be a vit");
    assertThat(refused("encoder.network=vgg")).contains("vgg", "vit-micro", "resnet50");
    assertThat(refused("budget=epochs=0")).contains("budget must be positive");
    assertThat(refused("budget=two")).contains("'two'");
    assertThat(refused("training.batch=two")).contains("training.batch", "found 'two'");
    assertThat(refused("training.bach=2")).contains("Did you mean 'batch'?");
  }

  private String refused(String assignment) {
    return run("pretrain", "mae", "--images", "x", "--out", "y", "--set", assignment);
  }

  @Test
  void unknown_method_names_the_nearest() {
    assertThat(run("pretrain", "mase", "--images", "x", "--out", "y"))
        .contains("pretrainer 'mase': is not installed", "Did you mean 'mae'?");
  }

  @Test
  void configuration_of_another_method_is_refused() throws IOException {
    Path config = Files.writeString(folder.resolve("c.yaml"), "method: byol\n");
    assertThat(run("pretrain", "mae", "--images", "x", "--out", "y", "--config", config.toString()))
        .contains("is for method 'byol', not 'mae'");
  }

  @Test
  void images_are_needed() {
    assertThat(run("pretrain", "mae", "--out", "y")).contains("--images: no source is given");
  }

  private static Map<String, float[]> initializers(EncoderFile file) {
    Map<String, float[]> values = new TreeMap<>();
    Set<String> trained = file.weights().keySet();
    for (TensorProto tensor : file.model().getGraph().getInitializerList()) {
      if (trained.contains(tensor.getName())) {
        float[] array = new float[tensor.getRawData().size() / Float.BYTES];
        tensor.getRawData().asReadOnlyByteBuffer().order(LITTLE_ENDIAN).asFloatBuffer().get(array);
        values.put(tensor.getName(), array);
      }
    }
    return values;
  }

  /** The folder of a pretraining with seed 3, done when the first test asks for it. */
  private static Path finished(String method) {
    Path out = shared.resolve(method);
    if (!Files.exists(out)) {
      assertThat(run(command(method, out, 3))).isEmpty();
    }
    return out;
  }

  private static Path onnx(String method) {
    return finished(method).resolve(method + ".onnx");
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return to;
  }

  private byte[] pretrained(String method, String out, long seed) throws IOException {
    assertThat(run(command(method, out, seed))).isEmpty();
    return Files.readAllBytes(folder.resolve(out).resolve(method + ".onnx"));
  }

  private String[] command(String method, String out, long seed) {
    return command(method, folder.resolve(out), seed);
  }

  private static String[] command(String method, Path out, long seed) {
    List<String> command = new ArrayList<>(List.of("pretrain", method));
    command.addAll(List.of("--images", shared.resolve("images").toString()));
    command.addAll(List.of("--out", out.toString(), "--seed", "" + seed));
    command.addAll(List.of("--threads", "1"));
    Stream<String> training =
        switch (method) {
          case "mae", "ioca", "dae", "vae" ->
              Stream.of("decoder.width=8", "decoder.depth=1", "decoder.attentionHeads=2");
          case "byol", "orl" -> Stream.of("projectorOutputWidth=8");
          case "simmim", "pimask" -> Stream.of("maskUnitPixels=8");
          case "moco", "densecl" -> Stream.of("queueLength=8");
          default -> Stream.of();
        };
    Stream.concat(SMALL.stream(), training).forEach(s -> command.addAll(List.of("--set", s)));
    if (!method.equals("random")) {
      command.addAll(List.of("--budget", "epochs=2", "--set", "training.batch=8"));
    }
    return command.toArray(String[]::new);
  }

  /** What a command that fails writes to stderr; nothing if it succeeds. */
  private static String run(String... arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(arguments);
      return code == 0 ? "" : code + " " + captured.toString(StandardCharsets.UTF_8);
    } finally {
      System.setErr(before);
    }
  }
}
