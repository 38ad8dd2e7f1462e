package downstream.detection.metrics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.cli.Verb;
import downstream.eval.run.Score;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code score detection}: COCO's figures from an annotation file and a results file. */
@Command(
    name = "detection",
    mixinStandardHelpOptions = true,
    description = "COCO box figures from a ground-truth file and a results file.",
    footer = {
      "",
      "Examples:",
      "  downstream score detection --gt instances_val.json --predictions results.json",
      "  downstream score detection --gt gt.json --predictions dt.json.gz --format json",
      "  downstream score detection --gt gt.json --predictions dt.json --compat pycocotools"
    })
public final class ScoreDetectionVerb implements Verb {
  private enum Iou {
    bbox
  }

  private enum Compat {
    pycocotools
  }

  private enum Format {
    table,
    json
  }

  @Spec private CommandSpec spec;

  @Option(names = "--gt", required = true, description = "COCO annotation JSON, may be gzipped.")
  private Path truth;

  @Option(
      names = "--predictions",
      required = true,
      description = "COCO results JSON, may be gzipped.")
  private Path predictions;

  @Option(names = "--iou", defaultValue = "bbox", description = "${COMPLETION-CANDIDATES}.")
  private Iou iou;

  @Option(
      names = "--compat",
      description =
          "${COMPLETION-CANDIDATES}: to the quirk; truth with id 0 is never matched, stray "
              + "annotations are dropped.")
  private @Nullable Compat compat;

  @Option(names = "--class-agnostic", description = "Pool the categories of an image.")
  private boolean classAgnostic;

  @Option(
      names = "--max-dets",
      split = ",",
      defaultValue = "1,10,100",
      description = "Limits per image and category; AP goes by the last (${DEFAULT-VALUE}).")
  private List<Integer> maxDets;

  @Option(names = "--format", defaultValue = "table", description = "${COMPLETION-CANDIDATES}.")
  private Format format;

  @Override
  public String group() {
    return "score";
  }

  @Override
  public Integer call() {
    EvaluatorSettings settings = settings();
    GroundTruth gt = CocoTruthReader.read(truth, settings);
    MatchTable table = BoxEvaluator.match(gt, DetectionResults.read(predictions, gt), settings);
    Score score = CocoMetrics.score(table);
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.json) {
      out.print(new String(Json.pretty(json(score, settings)), StandardCharsets.UTF_8));
    } else {
      printTable(score, settings, out);
    }
    out.flush();
    return 0;
  }

  private EvaluatorSettings settings() {
    if (maxDets.stream().anyMatch(limit -> limit < 1)) {
      throw new BadInput("--max-dets", "limits must be > 0, found " + maxDets, "Try 1,10,100");
    }
    return new EvaluatorSettings(compat != null, classAgnostic, maxDets);
  }

  private ObjectNode json(Score score, EvaluatorSettings settings) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    ObjectNode metrics = root.putObject("metrics");
    score.metrics().forEach((name, value) -> metrics.put(name, value.orElse(null)));
    root.set("perClass", score.perClass());
    root.set("counts", Json.MAPPER.valueToTree(score.counts()));
    root.set("warnings", Json.MAPPER.valueToTree(score.warnings()));
    ObjectNode evaluator = root.putObject("evaluator");
    evaluator.put("iou", iou.name());
    evaluator.put("compat", compat == null ? "none" : compat.name());
    evaluator.put("classAgnostic", settings.classAgnostic());
    evaluator.set("maxDets", Json.MAPPER.valueToTree(settings.maxDets()));
    return root;
  }

  private void printTable(Score score, EvaluatorSettings settings, PrintWriter out) {
    Map<String, Optional<Double>> metrics = score.metrics();
    for (String name : CocoMetrics.names(settings.maxDets())) {
      out.printf("%-6s %s%n", name, text(metrics.getOrDefault(name, Optional.empty())));
    }
    out.println();
    score
        .perClass()
        .properties()
        .forEach(
            row -> {
              var ap = row.getValue().path("AP");
              Optional<Double> value =
                  ap.isNumber() ? Optional.of(ap.doubleValue()) : Optional.empty();
              out.printf("%-6s %s%n", text(value), row.getKey());
            });
    PrintWriter log = spec.commandLine().getErr();
    score.warnings().forEach(warning -> log.println("warning: " + warning));
  }

  private static String text(Optional<Double> value) {
    return value.map(v -> String.format(Locale.ROOT, "%.4f", v)).orElse("n/a");
  }
}
