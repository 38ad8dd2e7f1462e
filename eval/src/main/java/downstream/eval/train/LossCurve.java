package downstream.eval.train;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the loss terms of a training log over the steps, smoothed. */
public final class LossCurve {
  private static final Set<String> NOT_A_LOSS = Set.of("step", "rate", "gradNorm");
  private static final double SMOOTHING = 0.95;

  private LossCurve() {}

  /**
   * @param log a {@code log.jsonl} of {@link TrainingLoop}
   * @param png the picture to write, 900 × 500
   */
  public static void draw(Path log, Path png) {
    Map<String, List<Double>> terms = terms(log);
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(500)
            .title("Loss, smoothed")
            .xAxisTitle("step")
            .yAxisTitle("loss")
            .build();
    terms.forEach(
        (name, values) -> {
          if (!values.isEmpty()) {
            chart.addSeries(name, null, smooth(values)).setMarker(SeriesMarkers.NONE);
          }
        });
    AtomicFile.write(
        png, out -> BitmapEncoder.saveBitmap(chart, out, BitmapEncoder.BitmapFormat.PNG));
  }

  private static Map<String, List<Double>> terms(Path log) {
    Map<String, List<Double>> terms = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(log)) {
        JsonNode node = Json.MAPPER.readTree(line);
        for (Map.Entry<String, JsonNode> field : node.properties()) {
          if (!NOT_A_LOSS.contains(field.getKey()) && field.getValue().isNumber()) {
            terms
                .computeIfAbsent(field.getKey(), key -> new ArrayList<>())
                .add(field.getValue().asDouble());
          }
        }
      }
    } catch (IOException e) {
      throw new BadInput(
          log, "cannot be read as a training log (" + e.getMessage() + ")", "Check the file", e);
    }
    return terms;
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
