import com.sun.management.OperatingSystemMXBean;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.task.Evaluation;
import downstream.eval.task.Protocol;
import downstream.eval.task.Protocols;
import downstream.eval.task.Score;
import downstream.eval.task.Task;
import downstream.eval.task.Tasks;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times what {@code eval} does with stored predictions: score, statistics, plots of four images.
 *
 * <p>{@code java -cp 'target/downstream/lib/*' tools/ScoringTimes.java DATA FOLDER}, where FOLDER
 * holds the predictions of a run (its {@code run-0}) or of {@code tools/score-load.py}. Prints
 * processor and wall seconds; they include compilation, for each task is scored once.
 */
public final class ScoringTimes {
  private static final Map<String, List<String>> TASKS =
      Map.of("detection", List.of("head.type=mask-rcnn"), "segmentation", List.of());

  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private long processor;
  private long wall;

  private ScoringTimes() {}

  public static void main(String[] args) throws IOException {
    ImageSet set = DataSets.open(Path.of(args[0])).evaluation().get("val");
    for (String name : List.of("detection", "segmentation")) {
      Task task = Tasks.named(name);
      Path predictions = Path.of(args[1]).resolve(task.predictionsFile());
      if (Files.exists(predictions)) {
        Protocol protocol = Protocols.load(task, "small", TASKS.get(name));
        new ScoringTimes().time(task, predictions, set, protocol);
      }
    }
  }

  private void time(Task task, Path predictions, ImageSet set, Protocol protocol)
      throws IOException {
    Path out = Files.createTempDirectory("scoring-times");
    lap();
    Evaluation evaluation = task.evaluate(predictions, set, protocol);
    Score score = evaluation.score();
    String scored = lap();
    evaluation.writeStatistics(out.resolve("statistics.gz"));
    String written = lap();
    evaluation.plots(out, 4);
    String drawn = lap();
    System.out.printf(
        Locale.ROOT,
        "%s: score %s, statistics %s, plots %s (processor/wall seconds); %s%n",
        task.name(),
        scored,
        written,
        drawn,
        score.metrics());
  }

  /** Processor and wall seconds since the last call. */
  private String lap() {
    long processorNow = process.getProcessCpuTime();
    long wallNow = System.nanoTime();
    String lap =
        String.format(
            Locale.ROOT, "%.2f/%.2f", (processorNow - processor) * 1e-9, (wallNow - wall) * 1e-9);
    processor = processorNow;
    wall = wallNow;
    return lap;
  }
}
