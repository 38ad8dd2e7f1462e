package downstream.detection.metrics.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.coco.CocoMetrics;
import downstream.detection.metrics.coco.TieOrderRange;
import downstream.eval.Json;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Table;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An evaluation as JSON, as a table, or as CSV. */
public record DetectionScoreReport(EvaluationReport evaluated, EvaluatorSettings settings) {
  /** Version of the evaluators: a change that moves any metric is a new one. */
  static final String EVALUATOR_VERSION = "2";

  /** The whole report, ending in a line break. */
  public String as(OutputFormat format) {
    return format == OutputFormat.JSON
        ? new String(Json.pretty(json()), StandardCharsets.UTF_8)
        : metricTable().as(format)
            + (format == OutputFormat.TABLE ? "\n" + perClass().as(format) : "");
  }

  private ObjectNode json() {
    ObjectNode root = Json.MAPPER.createObjectNode();
    ObjectNode metrics = root.putObject("metrics");
    evaluated.score().metrics().forEach((name, value) -> metrics.put(name, value.orElse(null)));
    root.set("per_class", evaluated.score().perClass());
    root.set("counts", Json.MAPPER.valueToTree(evaluated.score().counts()));
    root.set("warnings", Json.MAPPER.valueToTree(evaluated.score().warnings()));
    evaluated
        .ties()
        .ifPresent(ties -> root.set("tie_band", Json.MAPPER.valueToTree(ties.metrics())));
    evaluated
        .errors()
        .ifPresent(
            errors -> {
              ObjectNode tide = root.putObject("tide");
              tide.put("AP50", errors.ap());
              tide.set("cost", Json.MAPPER.valueToTree(errors.cost()));
              tide.set("count", Json.MAPPER.valueToTree(errors.count()));
            });
    ObjectNode evaluator = root.putObject("evaluator");
    evaluator.put("version", EVALUATOR_VERSION);
    evaluator.put("iou", settings.iou().name());
    evaluator.put("convention", settings.convention().name());
    evaluator.put("compat", settings.pycocotools() ? "pycocotools" : "none");
    evaluator.put("class_agnostic", settings.classAgnostic());
    evaluator.set("max_dets", Json.MAPPER.valueToTree(settings.maxDets()));
    return root;
  }

  /** One row a metric, in COCO's order. */
  private Table metricTable() {
    Map<String, Optional<Double>> metrics = evaluated.score().metrics();
    Table table = new Table(List.of("metric", "value", "tie_low", "tie_high"));
    List<String> order = new java.util.ArrayList<>(CocoMetrics.names(settings.maxDets()));
    metrics.keySet().stream().filter(name -> !order.contains(name)).forEach(order::add);
    for (String name : order) {
      Optional<TieOrderRange.Range> range = evaluated.ties().map(ties -> ties.metrics().get(name));
      table.row(
          name,
          metrics.getOrDefault(name, Optional.empty()),
          range.map(TieOrderRange.Range::low),
          range.map(TieOrderRange.Range::high));
    }
    evaluated
        .errors()
        .ifPresent(
            errors ->
                errors
                    .cost()
                    .forEach(
                        (kind, cost) ->
                            table.row("dAP " + kind, cost, Optional.empty(), Optional.empty())));
    return table;
  }

  private Table perClass() {
    Table table = new Table(List.of("class", "AP", "AP50", "AP75", CocoMetrics.OBJECTS));
    for (Map.Entry<String, JsonNode> row : evaluated.score().perClass().properties()) {
      JsonNode values = row.getValue();
      table.row(
          row.getKey(),
          number(values, "AP"),
          number(values, "AP50"),
          number(values, "AP75"),
          values.path(CocoMetrics.OBJECTS).asLong());
    }
    return table;
  }

  private static Optional<Double> number(JsonNode values, String name) {
    JsonNode value = values.path(name);
    return value.isNumber() ? Optional.of(value.doubleValue()) : Optional.empty();
  }
}
