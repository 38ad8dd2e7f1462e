package downstream.segmentation.metrics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Table;
import downstream.segmentation.metrics.PanopticFile.Category;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metrics of a {@link PanopticQuality} as JSON, as tables for people, or as CSV.
 *
 * @param classes by category id
 * @param images how many were counted
 */
public record PanopticReport(PanopticQuality quality, Map<Long, Category> classes, int images) {

  /** The report in one format, ending in a line break. */
  public String as(OutputFormat format) {
    return format == OutputFormat.JSON
        ? new String(Json.pretty(json()), StandardCharsets.UTF_8)
        : means().as(format) + "\n" + perClass().as(format);
  }

  /** The report as one tree, nothing rounded. */
  ObjectNode json() {
    ObjectNode root = Json.MAPPER.createObjectNode();
    ObjectNode metrics = root.putObject("metrics");
    groups()
        .forEach(
            (name, m) -> {
              String suffix = name.equals("all") ? "" : "." + name;
              metrics.put("PQ" + suffix, m.pq().orElse(null));
              metrics.put("SQ" + suffix, m.sq().orElse(null));
              metrics.put("RQ" + suffix, m.rq().orElse(null));
            });
    root.set("per_class", perClass().json());
    root.putObject("counts").put("images", images);
    return root;
  }

  /** All classes, things and stuff, each averaged. */
  private Map<String, PanopticQuality.Means> groups() {
    List<Long> things = new ArrayList<>();
    List<Long> stuff = new ArrayList<>();
    classes.forEach((id, category) -> (category.thing() ? things : stuff).add(id));
    Map<String, PanopticQuality.Means> groups = new LinkedHashMap<>();
    groups.put("all", quality.means(classes.keySet()));
    groups.put("things", quality.means(things));
    groups.put("stuff", quality.means(stuff));
    return groups;
  }

  private Table means() {
    Table table = new Table(List.of("group", "PQ", "SQ", "RQ", "classes"));
    groups().forEach((name, m) -> table.row(name, m.pq(), m.sq(), m.rq(), m.classes()));
    return table;
  }

  private Table perClass() {
    Table table = new Table(List.of("class", "PQ", "SQ", "RQ", "TP", "FP", "FN"));
    classes.forEach(
        (id, category) -> {
          PanopticQuality.OfClass c = quality.of(id);
          table.row(
              category.name(),
              c.pq(),
              c.sq(),
              c.rq(),
              c.truePositives(),
              c.falsePositives(),
              c.falseNegatives());
        });
    return table;
  }
}
