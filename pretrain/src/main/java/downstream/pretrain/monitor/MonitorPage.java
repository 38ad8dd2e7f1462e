package downstream.pretrain.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.AtomicFile;
import downstream.eval.Json;
import downstream.eval.train.LossCurve;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * {@code report.html}: a training on one page that needs no other file: settings, curves, metrics,
 * and drawings in the order of time. Well-formed XML too.
 */
final class MonitorPage {
  /** Folder of the drawings, within that of the training. */
  static final String VISUALISATIONS = "visualisations";

  private static final String STYLE =
      "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
          + "table{border-collapse:collapse;margin:1em 0}"
          + "td,th{padding:.15em .8em;border-bottom:1px solid #ddd;text-align:left}"
          + "td.n{text-align:right;font-variant-numeric:tabular-nums}"
          + "img{max-width:100%;border:1px solid #ddd}figure{margin:1em 0}"
          + ".stopped{border-left:4px solid #b00;padding:.5em 1em;background:#fee}";

  private final String method;
  private final Path folder;
  private final Object settings;
  private final Map<String, String> notes;
  private final StringBuilder page = new StringBuilder();

  /**
   * @param notes what each metric is, by name
   */
  MonitorPage(String method, Path folder, Object settings, Map<String, String> notes) {
    this.method = method;
    this.folder = folder;
    this.settings = settings;
    this.notes = notes;
  }

  /** Writes the page, and {@code loss.png}; nothing if there is no log. */
  void write(Optional<String> stopped) throws IOException {
    Path log = folder.resolve("log.jsonl");
    if (Files.notExists(log) || Files.size(log) == 0) {
      return;
    }
    Path curves = folder.resolve("loss.png");
    LossCurve.draw(log, curves);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      lines.add(Json.MAPPER.readTree(line));
    }
    page.setLength(0);
    page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>");
    text("Pretraining: " + method).append("</title><style>").append(STYLE);
    page.append("</style></head><body>\n<h1>");
    text("Pretraining: " + method).append("</h1>\n");
    stopped.ifPresent(this::stopped);
    page.append("<p>").append(lines.size()).append(" steps.</p>\n<h2>Curves</h2>\n");
    image(curves, "loss terms and metrics");
    observed(lines);
    settings();
    images();
    page.append("</body></html>\n");
    byte[] bytes = page.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(folder.resolve("report.html"), bytes);
  }

  private void stopped(String message) {
    page.append("<p class=\"stopped\"><strong>Stopped.</strong> ");
    text(message).append("</p>\n");
  }

  /** A row for each evaluation point of {@link TrainingMonitor}, at most about twenty. */
  private void observed(List<JsonNode> lines) {
    TreeSet<String> names = new TreeSet<>();
    lines.forEach(line -> line.path("observed").fieldNames().forEachRemaining(names::add));
    if (names.isEmpty()) {
      return;
    }
    page.append("<h2>Metrics</h2>\n<table><tr><th>step</th><th>loss</th>");
    names.forEach(name -> cell("th", name));
    page.append("</tr>\n");
    for (JsonNode line : shown(lines)) {
      page.append("<tr>");
      number(line.path("step"));
      number(line.path("total"));
      names.forEach(name -> number(line.path("observed").path(name)));
      page.append("</tr>\n");
    }
    page.append("</table>\n<ul>");
    notes.forEach((name, note) -> cell("li", name + ": " + note));
    page.append("</ul>\n");
  }

  /**
   * The steps with the most metrics: the evaluation points, which have what every step has and
   * more.
   */
  private static List<JsonNode> shown(List<JsonNode> lines) {
    int most = lines.stream().mapToInt(line -> line.path("observed").size()).max().orElse(0);
    List<JsonNode> shown =
        lines.stream().filter(line -> line.path("observed").size() == most).toList();
    int every = Math.max(1, shown.size() / 20);
    List<JsonNode> few = new ArrayList<>();
    for (int i = 0; i < shown.size(); i += every) {
      few.add(shown.get(i));
    }
    return few;
  }

  private void settings() {
    page.append("<h2>Settings</h2>\n<table>\n");
    setting("", Json.MAPPER.valueToTree(settings));
    page.append("</table>\n");
  }

  private void setting(String key, JsonNode value) {
    if (value.isObject() && !value.isEmpty()) {
      value
          .properties()
          .forEach(
              entry ->
                  setting(
                      key.isEmpty() ? entry.getKey() : key + "." + entry.getKey(),
                      entry.getValue()));
      return;
    }
    page.append("<tr>");
    cell("td", key);
    cell("td", value.isTextual() ? value.asText() : value.toString());
    page.append("</tr>\n");
  }

  private void images() throws IOException {
    Path images = folder.resolve(VISUALISATIONS);
    if (!Files.isDirectory(images)) {
      return;
    }
    page.append("<h2>Visualisations</h2>\n");
    try (Stream<Path> files = Files.list(images)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".png")).sorted().toList()) {
        image(file, String.valueOf(file.getFileName()));
      }
    }
  }

  private void image(Path png, String caption) throws IOException {
    page.append("<figure><img alt=\"");
    text(caption).append("\" src=\"data:image/png;base64,");
    page.append(Base64.getEncoder().encodeToString(Files.readAllBytes(png)));
    page.append("\"/><figcaption>");
    text(caption).append("</figcaption></figure>\n");
  }

  private void number(JsonNode value) {
    page.append("<td class=\"n\">");
    text(formatted(value)).append("</td>");
  }

  private static String formatted(JsonNode value) {
    if (!value.isNumber()) {
      return "";
    }
    return value.isIntegralNumber()
        ? value.asText()
        : String.format(Locale.ROOT, "%.4g", value.asDouble());
  }

  private void cell(String tag, String content) {
    page.append('<').append(tag).append('>');
    text(content).append("</").append(tag).append('>');
  }

  private StringBuilder text(String text) {
    return page.append(
        text.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;"));
  }
}
