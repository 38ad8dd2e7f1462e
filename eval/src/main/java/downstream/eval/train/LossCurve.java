package downstream.eval.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Json;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws a training log: the loss terms over the steps, smoothed, and below them a small panel for
 * each thing that was observed.
 */
public final class LossCurve {
  private static final Set<String> NOT_A_LOSS = Set.of("step", "rate", "grad_norm");
  private static final double SMOOTHING = 0.95;
  private static final int WIDTH = 900;
  private static final int HEIGHT = 500;
  private static final int PANELS_A_ROW = 2;
  private static final int QUOTED = 80;

  /** Values and the steps they were taken at. */
  private record Series(List<Double> steps, List<Double> values) {
    Series() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void add(double step, double value) {
      steps.add(step);
      values.add(value);
    }
  }

  private LossCurve() {}

  /**
   * @param log a {@code log.jsonl} of {@link TrainingLoop}
   * @param png the file to write: 900 × 500, and 250 more for every two things observed
   */
  public static void draw(Path log, Path png) {
    Map<String, Series> terms = new TreeMap<>();
    Map<String, Series> observed = new TreeMap<>();
    for (JsonNode line : lines(log)) {
      double step = line.path("step").asDouble();
      collect(line, step, terms);
      collect(line.path(TrainingLoop.OBSERVED), step, observed);
    }
    BufferedImage image = image(terms, observed);
    AtomicFile.write(png, out -> ImageIO.write(image, "png", out));
  }

  private static List<JsonNode> lines(Path log) {
    List<JsonNode> lines = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(log)) {
        lines.add(parse(log, lines.size() + 1, line));
      }
    } catch (IOException e) {
      throw BadInput.unreadable(log, e);
    }
    return lines;
  }

  private static JsonNode parse(Path log, int number, String line) {
    try {
      return Json.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new BadInput(
          log + ", line " + number,
          "expected a JSON object, found '" + start(line) + "'",
          "Put back an undamaged copy, or train again",
          e);
    }
  }

  private static String start(String line) {
    return line.length() <= QUOTED ? line : line.substring(0, QUOTED) + "…";
  }

  private static void collect(JsonNode fields, double step, Map<String, Series> into) {
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      if (!NOT_A_LOSS.contains(field.getKey()) && field.getValue().isNumber()) {
        into.computeIfAbsent(field.getKey(), key -> new Series())
            .add(step, field.getValue().asDouble());
      }
    }
  }

  private static BufferedImage image(Map<String, Series> terms, Map<String, Series> observed) {
    int rows = (observed.size() + PANELS_A_ROW - 1) / PANELS_A_ROW;
    BufferedImage image =
        new BufferedImage(WIDTH, HEIGHT + rows * HEIGHT / 2, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    XYChart losses = chart("Loss, smoothed", WIDTH, HEIGHT);
    terms.forEach((name, series) -> add(losses, name, series.steps(), smooth(series.values())));
    pen.drawImage(BitmapEncoder.getBufferedImage(losses), 0, 0, null);
    int panel = 0;
    for (Map.Entry<String, Series> entry : observed.entrySet()) {
      XYChart chart = chart(entry.getKey(), WIDTH / PANELS_A_ROW, HEIGHT / 2);
      chart.getStyler().setLegendVisible(false);
      chart.getStyler().setYAxisDecimalPattern("#0.####");
      add(chart, entry.getKey(), entry.getValue().steps(), entry.getValue().values());
      int x = panel % PANELS_A_ROW * WIDTH / PANELS_A_ROW;
      int y = HEIGHT + panel / PANELS_A_ROW * HEIGHT / 2;
      pen.drawImage(BitmapEncoder.getBufferedImage(chart), x, y, null);
      panel++;
    }
    pen.dispose();
    return image;
  }

  private static XYChart chart(String title, int width, int height) {
    return new XYChartBuilder().width(width).height(height).title(title).xAxisTitle("step").build();
  }

  private static void add(XYChart chart, String name, List<Double> steps, List<Double> values) {
    chart.addSeries(name, steps, values).setMarker(SeriesMarkers.NONE);
  }

  /** An exponential mean without the bias towards the first value. */
  private static List<Double> smooth(List<Double> values) {
    List<Double> smoothed = new ArrayList<>();
    double sum = 0;
    double weight = 0;
    for (double value : values) {
      sum = SMOOTHING * sum + value;
      weight = SMOOTHING * weight + 1;
      smoothed.add(sum / weight);
    }
    return smoothed;
  }
}
