package downstream.segmentation.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Table;
import downstream.eval.task.Score;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The metrics of a {@link MapScoring} as JSON, as tables for people, or as CSV.
 *
 * @param classes names, in the order of their values
 * @param convention whose mean IoU is the headline
 * @param images how many label maps were counted
 * @param readingWarnings warnings from before the counting
 */
public record SegmentationScoreReport(
    MapScoring scoring,
    List<String> classes,
    ScoringConvention convention,
    int images,
    List<String> readingWarnings) {

  /** The report in one format, ending in a line break. */
  public String as(OutputFormat format) {
    return switch (format) {
      case JSON -> new String(Json.pretty(json()), StandardCharsets.UTF_8);
      case CSV -> rows().as(OutputFormat.CSV);
      default ->
          metricsTable().as(format)
              + "\n"
              + conventions().as(format)
              + "\n"
              + perClassTable().as(format);
    };
  }

  /** Returns the facts that may have changed a metric, one sentence each. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>(readingWarnings);
    warnings.addAll(score().warnings());
    return warnings;
  }

  private Score score() {
    return SegmentationScores.of(scoring.matrix(), classes, images);
  }

  /** The metrics of the whole set; {@code mIoU} is the convention's. */
  private Map<String, Optional<Double>> metrics() {
    SegmentationMetrics agreement = SegmentationMetrics.of(scoring.matrix());
    Map<String, Optional<Double>> metrics = new LinkedHashMap<>();
    metrics.put("mIoU", convention.meanIou(agreement));
    metrics.put("mAcc", agreement.meanAccuracy());
    metrics.put("aAcc", agreement.pixelAccuracy());
    metrics.put("fwIoU", agreement.frequencyWeightedIou());
    metrics.put("mDice", agreement.meanDice());
    scoring
        .outlines()
        .ifPresent(outlines -> metrics.put("mBoundaryIoU", outlines.agreement().meanIou()));
    return metrics;
  }

  /** The report as one tree, nothing rounded. */
  ObjectNode json() {
    ObjectNode root = Json.MAPPER.createObjectNode();
    ObjectNode metrics = put(root.putObject("metrics"), metrics());
    ObjectNode conventions = metrics.putObject("conventions");
    for (ScoringConvention each : ScoringConvention.values()) {
      put(conventions.putObject(each.name()), each.metrics(scoring));
    }
    root.put("convention", convention.name());
    root.set("per_class", perClass());
    root.set("confusion", Json.MAPPER.valueToTree(scoring.matrix().rows()));
    root.set("counts", Json.MAPPER.valueToTree(score().counts()));
    root.set("warnings", Json.MAPPER.valueToTree(warnings()));
    return root;
  }

  private static ObjectNode put(ObjectNode into, Map<String, Optional<Double>> metrics) {
    metrics.forEach((name, value) -> into.put(name, value.orElse(null)));
    return into;
  }

  private JsonNode perClass() {
    ObjectNode perClass = (ObjectNode) score().perClass();
    scoring
        .outlines()
        .ifPresent(
            outlines -> {
              List<SegmentationMetrics.OfClass> byClass = outlines.agreement().classes();
              for (int c = 0; c < classes.size(); c++) {
                ((ObjectNode) perClass.get(classes.get(c)))
                    .put("BoundaryIoU", byClass.get(c).iou().orElse(null));
              }
            });
    return perClass;
  }

  private Table metricsTable() {
    Table table = new Table(List.of("metric", "value"));
    metrics().forEach((name, value) -> table.row(name, text(value)));
    return table;
  }

  /** The conventions side by side. */
  private Table conventions() {
    List<String> columns = List.of("mIoU", "mAcc", "aAcc", "fwIoU", "mDice");
    List<String> header = new ArrayList<>(List.of("convention"));
    header.addAll(columns);
    Table table = new Table(header);
    for (ScoringConvention each : ScoringConvention.values()) {
      Map<String, Optional<Double>> metrics = each.metrics(scoring);
      List<Object> row = new ArrayList<>(List.of(each.name()));
      for (String column : columns) {
        boolean printed = metrics.containsKey(column);
        Optional<Double> value = metrics.getOrDefault(column, Optional.empty());
        row.add(printed ? text(value) : Optional.empty());
      }
      table.row(row);
    }
    return table;
  }

  private Table perClassTable() {
    List<String> columns = new ArrayList<>(List.of("IoU", "Acc", "Dice"));
    scoring.outlines().ifPresent(outlines -> columns.add("BoundaryIoU"));
    columns.addAll(List.of("ground_truth_pixels", "predicted_pixels"));
    List<String> header = new ArrayList<>(List.of("class"));
    header.addAll(columns);
    Table table = new Table(header);
    perClass()
        .properties()
        .forEach(
            entry -> {
              List<Object> row = new ArrayList<>(List.of(entry.getKey()));
              columns.forEach(column -> row.add(shown(entry.getValue().path(column))));
              table.row(row);
            });
    return table;
  }

  /** One metric a row; what is of no class has none. */
  private Table rows() {
    Table table = new Table(List.of("convention", "class", "metric", "value"));
    metrics().forEach((name, value) -> table.row(convention.name(), "", name, value));
    for (ScoringConvention each : ScoringConvention.values()) {
      if (each != convention) {
        each.metrics(scoring).forEach((name, value) -> table.row(each.name(), "", name, value));
      }
    }
    perClass()
        .properties()
        .forEach(
            of ->
                of.getValue()
                    .properties()
                    .forEach(
                        metric ->
                            table.row("", of.getKey(), metric.getKey(), cell(metric.getValue()))));
    return table;
  }

  private static Object text(Optional<Double> value) {
    return value.isPresent() ? value.get() : "n/a";
  }

  private static Object shown(JsonNode metric) {
    return metric.isNumber() ? metric.numberValue() : "n/a";
  }

  private static Optional<Object> cell(JsonNode metric) {
    return metric.isNumber() ? Optional.of(metric.numberValue()) : Optional.empty();
  }
}
