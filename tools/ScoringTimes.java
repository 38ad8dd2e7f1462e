import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.task.Evaluation;
import downstream.eval.task.Protocol;
import downstream.eval.task.Protocols;
import downstream.eval.task.Score;
import downstream.eval.task.Task;
import downstream.eval.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times what {@code eval} does with stored predictions: score, statistics, plots.
 *
 * <p>{@code java -cp 'target/downstream/lib/*' tools/ScoringTimes.java SCENES FOLDER}, where FOLDER
 * is that of {@code tools/score-load.py}.
 */
public final class ScoringTimes {
  private ScoringTimes() {}

  public static void main(String[] args) throws IOException {
    ImageSet set = DataSets.open(Path.of(args[0])).evaluation().get("val");
    Path folder = Path.of(args[1]);
    Map<String, List<String>> tasks =
        Map.of("detection", List.of("head.type=mask-rcnn"), "segmentation", List.of());
    for (String name : List.of("detection", "segmentation")) {
      Task task = Tasks.named(name);
      time(task, folder, set, Protocols.load(task, "small", tasks.get(name)));
    }
  }

  private static void time(Task task, Path folder, ImageSet set, Protocol protocol)
      throws IOException {
    Path out = Files.createTempDirectory("scoring-times");
    long start = System.nanoTime();
    Evaluation evaluation = task.evaluate(folder.resolve(task.predictionsFile()), set, protocol);
    Score score = evaluation.score();
    long scored = System.nanoTime();
    evaluation.writeStatistics(out.resolve("statistics.gz"));
    long written = System.nanoTime();
    evaluation.plots(out, 4);
    long drawn = System.nanoTime();
    System.out.printf(
        Locale.ROOT,
        "%s: score %.2f s, statistics %.2f s, plots %.2f s, all %.2f s; %s%n",
        task.name(),
        (scored - start) * 1e-9,
        (written - scored) * 1e-9,
        (drawn - written) * 1e-9,
        (drawn - start) * 1e-9,
        score.metrics());
  }
}
