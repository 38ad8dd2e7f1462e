package downstream.leaderboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.cli.Main;
import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How long {@code leaderboard build} takes on many runs: twice, with an empty ledger and with one
 * that knows them, each in a process of its own. Arguments: runs, MiB of heap.
 */
final class LeaderboardBenchmark {
  private static final int SEEDS = 5;
  private static final int SECTIONS = 4;
  private static final int METRICS = 24;
  private static final int CLASSES = 20;
  private static final int FIELDS = 40;

  private LeaderboardBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0 && arguments[0].equals("build")) {
      build(Path.of(arguments[1]));
      return;
    }
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    String heap = arguments.length > 1 ? arguments[1] : "768";
    Path folder = Files.createTempDirectory("board-benchmark");
    IntStream.range(0, runs).parallel().forEach(i -> store(folder.resolve("runs"), i));
    System.out.printf("%d runs in %s%n", runs, folder);
    for (String ledger : new String[] {"empty ledger", "known runs"}) {
      System.out.println(ledger + ":");
      new ProcessBuilder(
              ProcessHandle.current().info().command().orElse("java"),
              "-Xmx" + heap + "m",
              "-XX:+UseParallelGC",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              LeaderboardBenchmark.class.getName(),
              "build",
              folder.toString())
          .inheritIO()
          .start()
          .waitFor();
    }
  }

  private static void build(Path folder) throws IOException {
    int code =
        Main.run(
            "leaderboard",
            "build",
            folder.resolve("runs").toString(),
            "--out",
            folder.resolve("board").toString());
    double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
    double processor =
        ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    String peak =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .findFirst()
            .orElse("");
    long page = Files.size(folder.resolve("board/leaderboard.html"));
    System.err.printf(
        "exit code %d: %.1f s, %.1f s of processor time, %s, page of %.1f MB%n",
        code, seconds, processor, peak.replaceAll("\\s+", " "), page / 1e6);
  }

  private static void store(Path folder, int number) {
    String encoder = "encoder-" + number / SEEDS / SECTIONS;
    int seed = number % SEEDS;
    Random random = new Random(number);
    ObjectNode tree =
        Json.MAPPER.valueToTree(
            Runs.in(folder)
                .protocol("protocol-" + number / SEEDS % SECTIONS)
                .imagined(encoder, seed, random.nextDouble()));
    ObjectNode metrics = tree.putObject("metrics").put("AP", random.nextDouble());
    IntStream.range(1, METRICS).forEach(i -> metrics.put("metric" + i, random.nextDouble()));
    ObjectNode classes = tree.putObject("per_class");
    for (int i = 0; i < CLASSES; i++) {
      classes.putObject("class " + i).put("AP", random.nextDouble()).put("ground_truth", i);
    }
    ObjectNode fields = tree.withObject("/protocol").putObject("fields");
    IntStream.range(0, FIELDS).forEach(i -> fields.put("field" + i, i));
    Path place = folder.resolve(encoder).resolve("protocol-" + number / SEEDS % SECTIONS);
    tree.set("artifacts", artifacts(place, seed));
    try {
      ResultFile.write(
          place.resolve("run-" + seed + ".json"), Json.MAPPER.treeToValue(tree, Result.class));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ArrayNode artifacts(Path place, int seed) {
    ArrayNode artifacts = Json.MAPPER.createArrayNode();
    for (String name : new String[] {"predictions.json.gz", "statistics.gz", "log.jsonl"}) {
      byte[] bytes = (place + name + seed).repeat(40).getBytes(StandardCharsets.UTF_8);
      String path = "run-" + seed + "/" + name;
      AtomicFile.writeSoon(place.resolve(path), bytes);
      artifacts
          .addObject()
          .put("path", path)
          .put("sha256", Digest.of(bytes))
          .put("bytes", bytes.length);
    }
    return artifacts;
  }
}
