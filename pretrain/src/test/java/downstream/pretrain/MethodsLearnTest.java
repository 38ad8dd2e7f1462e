package downstream.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.cli.Main;
import downstream.eval.encoder.EncoderFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every method learns something that its random-init encoder does not know: on generated scenes the
 * loss falls, nothing collapses, and a linear map of the frozen mean patch token tells the classes
 * of ground-truth objects in held-out scenes better than that of the random-init encoder does, by
 * more than the spread over three seeds. Images of 32 pixels, so 16 patches, let a small budget pay
 * for many of them. All methods see crops down to the same share of an image, since objects are
 * shown larger than they are in a scene. docs/evidence/pretraining-proof.md has the command and a
 * log; system properties {@code proof.budget}, {@code proof.methods} and {@code proof.out} change
 * what is run.
 */
@Tag("slow")
class MethodsLearnTest {
  private static final int SEEDS = 3;
  private static final int IMAGE_SIZE = 32;

  /** Sizes that presets choose for larger images: a mask unit of one patch, regions as large. */
  private static final Map<String, String> SIZES =
      Map.of(
          "simmim", "maskUnitPixels=8",
          "pimask", "maskUnitPixels=8",
          "ioca", "object.maskUnitPatches=1",
          "orl", "regionViewScale=1");

  /** Training FLOPs: 5e12, and more where that buys too few updates. */
  private static final Map<String, String> BUDGETS =
      Map.of("pimask", "flops=2e13", "simsiam", "flops=2e13", "orl", "flops=2e13");

  private final Path out = Path.of(System.getProperty("proof.out", "target/proof"));
  private final List<String> methods =
      List.of(
          System.getProperty("proof.methods", "mae,simmim,pimask,simsiam,byol,orl,ioca")
              .split(","));

  @Test
  void every_method_beats_its_random_init_encoder() throws IOException {
    Path scenes = out.resolve("scenes");
    if (Files.notExists(scenes.resolve("data.yaml"))) {
      run("data", "scenes", "--out", scenes.toString(), "--images", "600", "--val", "3000");
    }
    LinearProbe probe = LinearProbe.of(scenes, IMAGE_SIZE);
    Map<String, double[]> accuracies = new LinkedHashMap<>();
    List<String> log = new ArrayList<>();
    log.add("| method | seed | loss, first tenth | loss, last tenth | rank | probe accuracy |");
    log.add("|---|---|---|---|---|---|");
    List<String> all = new ArrayList<>(List.of("random"));
    all.addAll(methods);
    for (String method : all) {
      double[] values = new double[SEEDS];
      for (int seed = 0; seed < SEEDS; seed++) {
        Path folder = out.resolve(method + "-" + seed);
        pretrain(method, seed, scenes, folder);
        values[seed] = probe.accuracy(EncoderFile.read(folder.resolve(method + ".onnx")));
        log.add(line(method, seed, folder, values[seed]));
        Files.write(out.resolve("proof.md"), log);
      }
      accuracies.put(method, values);
    }
    double[] random = Objects.requireNonNull(accuracies.remove("random"));
    assertThat(accuracies).isNotEmpty();
    for (var entry : accuracies.entrySet()) {
      double gain = mean(entry.getValue()) - mean(random);
      double spread = Math.max(deviation(entry.getValue()), deviation(random));
      assertThat(gain).as(entry.getKey()).isGreaterThan(spread);
    }
  }

  private void pretrain(String method, int seed, Path scenes, Path folder) {
    List<String> command = new ArrayList<>(List.of("pretrain", method));
    command.addAll(List.of("--images", scenes.toString(), "--out", folder.toString()));
    command.addAll(List.of("--seed", "" + seed, "--threads", "1"));
    command.addAll(List.of("--set", "encoder.imageSize=" + IMAGE_SIZE));
    if (!method.equals("random")) {
      String budget = BUDGETS.getOrDefault(method, "flops=5e12");
      command.addAll(List.of("--budget", System.getProperty("proof.budget", budget)));
      command.addAll(List.of("--set", "minCropArea=0.08"));
    }
    if (SIZES.containsKey(method)) {
      command.addAll(List.of("--set", Objects.requireNonNull(SIZES.get(method))));
    }
    run(command.toArray(String[]::new));
  }

  private static void run(String... command) {
    assertThat(Main.run(command)).as(String.join(" ", command)).isZero();
  }

  /** What the log of a run says; its last stage's, if it has several. */
  private static String line(String method, int seed, Path folder, double accuracy)
      throws IOException {
    Path log = folder.resolve("log.jsonl");
    String losses = "| |";
    String rank = "";
    if (Files.exists(log)) {
      List<String> lines = Files.readAllLines(log);
      int tenth = Math.max(1, lines.size() / 10);
      double first = loss(lines.subList(0, tenth));
      double last = loss(lines.subList(lines.size() - tenth, lines.size()));
      assertThat(last).as("loss of " + folder).isLessThan(first);
      losses = String.format(Locale.ROOT, "| %.4f | %.4f", first, last);
      rank =
          String.format(
              Locale.ROOT,
              "%.1f",
              Json.parseYaml(log, lines.get(lines.size() - 1))
                  .path("observed")
                  .path("rank")
                  .asDouble());
    }
    return String.format(
        Locale.ROOT, "| %s | %d %s | %s | %.4f |", method, seed, losses, rank, accuracy);
  }

  private static double loss(List<String> lines) {
    return lines.stream()
        .mapToDouble(line -> Json.parseYaml("log", line).path("total").asDouble())
        .average()
        .orElseThrow();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }
}
