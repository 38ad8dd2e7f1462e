package downstream.segmentation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.cli.Verb;
import downstream.eval.data.LabelMap;
import downstream.eval.run.Score;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code score segmentation}: figures from two folders of label maps. */
@Command(
    name = "segmentation",
    mixinStandardHelpOptions = true,
    description = "Mean IoU and its kin from label maps and predictions of the same names.",
    footer = {
      "",
      "Examples:",
      "  downstream score segmentation --gt masks --predictions predicted --classes 21",
      "  downstream score segmentation --gt valannot --predictions predictions.zip"
          + " --classes classes.txt --ignore 11 --format json"
    })
public final class ScoreSegmentationVerb implements Verb {
  private enum Format {
    table,
    json
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--gt",
      required = true,
      description = "Folder (or ZIP) of true label maps: PNG, one channel, class values.")
  private Path truth;

  @Option(
      names = "--predictions",
      required = true,
      description = "Folder or ZIP of predicted label maps, classes 0 to C-1, same names.")
  private Path predictions;

  @Option(
      names = "--classes",
      required = true,
      description = "Number C of classes, or a text file with a name on each line, from value 0.")
  private String classes;

  @Option(
      names = "--ignore",
      split = ",",
      defaultValue = "255",
      description =
          "Values of the truth that belong to no class, besides 255; values above one move down.")
  private List<Integer> ignore;

  @Option(names = "--format", defaultValue = "table", description = "${COMPLETION-CANDIDATES}.")
  private Format format;

  @Override
  public String group() {
    return "score";
  }

  @Override
  public Integer call() throws IOException {
    Set<Integer> ignored = Set.copyOf(ignore);
    List<String> names = classNames(ignored);
    ConfusionMatrix matrix = new ConfusionMatrix(names.size());
    List<String> warnings = new ArrayList<>();
    int images;
    try (LabelMaps gt = LabelMaps.open(truth);
        LabelMaps predicted = LabelMaps.open(predictions)) {
      images = gt.names().size();
      for (String name : gt.names()) {
        LabelMap map = gt.read(name, ignored);
        SegmentationTask.addTo(matrix, predicted, name, map);
      }
      warnings.addAll(surplus(gt, predicted));
    }
    Score score = SegmentationScores.of(matrix, names, images);
    warnings.addAll(score.warnings());
    print(new Score(score.metrics(), score.perClass(), score.counts(), warnings), matrix);
    return 0;
  }

  private static List<String> surplus(LabelMaps truth, LabelMaps predicted) {
    Set<String> rest = new TreeSet<>(predicted.names());
    truth.names().forEach(rest::remove);
    return rest.stream().map(name -> predicted.where(name) + " has no truth: not counted").toList();
  }

  private List<String> classNames(Set<Integer> ignored) throws IOException {
    List<String> names;
    if (classes.matches("\\d{1,9}")) {
      names = IntStream.range(0, Integer.parseInt(classes)).mapToObj(Integer::toString).toList();
    } else {
      names = remaining(lines(Path.of(classes)), ignored);
    }
    if (names.isEmpty() || names.size() > LabelMap.IGNORE) {
      throw new BadInput(
          "--classes",
          "expected 1 to 255 classes, found " + names.size() + " in '" + classes + "'",
          "Give their number, or a text file with a name on each line");
    }
    if (Set.copyOf(names).size() < names.size()) {
      throw new BadInput("--classes", "'" + classes + "' names a class twice", "Rename one");
    }
    return names;
  }

  private static List<String> lines(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new BadInput(
          "--classes",
          "expected a number or a text file, found '" + file + "'",
          "Give the number of classes, or a file with a name on each line");
    }
    return Files.readAllLines(file).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  /** The names without those of ignored values. */
  private static List<String> remaining(List<String> names, Set<Integer> ignored) {
    return IntStream.range(0, names.size())
        .filter(value -> !ignored.contains(value))
        .mapToObj(names::get)
        .toList();
  }

  private void print(Score score, ConfusionMatrix matrix) {
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.json) {
      out.print(new String(Json.pretty(json(score, matrix)), StandardCharsets.UTF_8));
    } else {
      printTable(score, out);
      PrintWriter log = spec.commandLine().getErr();
      score.warnings().forEach(warning -> log.println("warning: " + warning));
    }
    out.flush();
  }

  private static ObjectNode json(Score score, ConfusionMatrix matrix) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    ObjectNode metrics = root.putObject("metrics");
    score.metrics().forEach((name, value) -> metrics.put(name, value.orElse(null)));
    root.set("perClass", score.perClass());
    root.set("confusion", Json.MAPPER.valueToTree(matrix.rows()));
    root.set("counts", Json.MAPPER.valueToTree(score.counts()));
    root.set("warnings", Json.MAPPER.valueToTree(score.warnings()));
    return root;
  }

  private static void printTable(Score score, PrintWriter out) {
    score
        .metrics()
        .forEach(
            (name, value) ->
                out.printf(
                    "%-17s %s%n", name, value.map(ScoreSegmentationVerb::text).orElse("n/a")));
    out.printf("%n%8s %8s %8s  %s%n", "IoU", "Acc", "Dice", "class");
    score
        .perClass()
        .properties()
        .forEach(
            row -> {
              List<String> cells = new ArrayList<>();
              for (String figure : List.of("IoU", "Acc", "Dice")) {
                var value = row.getValue().path(figure);
                cells.add(value.isNumber() ? text(value.doubleValue()) : "n/a");
              }
              out.printf(
                  "%8s %8s %8s  %s%n", cells.get(0), cells.get(1), cells.get(2), row.getKey());
            });
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
