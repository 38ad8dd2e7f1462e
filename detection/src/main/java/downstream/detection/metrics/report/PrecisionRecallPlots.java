package downstream.detection.metrics.report;

import downstream.detection.metrics.coco.CategoryMetrics;
import downstream.detection.metrics.coco.ClassMatches;
import downstream.detection.metrics.coco.CocoMetrics;
import downstream.detection.metrics.coco.MatchTable;
import downstream.detection.metrics.coco.PrecisionRecall;
import downstream.eval.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Plots of precision against recall, AP by class and AP by size, as PNG. */
final class PrecisionRecallPlots {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 480;

  /** Number of curves above which they cannot be told apart: then only their mean is drawn. */
  private static final int MOST_CURVES = 10;

  private static final int MOST_BARS = 100;
  private static final int BAR_WIDTH = 16;

  private final MatchTable table;
  private final List<CategoryMetrics> categories;
  private final double[] once;

  private PrecisionRecallPlots(MatchTable table) {
    this.table = table;
    once = new double[table.images()];
    Arrays.fill(once, 1);
    categories = CocoMetrics.byCategory(table, once);
  }

  /** Draws the plots; none if there is no ground truth. */
  static List<Path> draw(MatchTable table, Path folder) throws IOException {
    PrecisionRecallPlots charts = new PrecisionRecallPlots(table);
    List<Path> files = new ArrayList<>();
    if (!charts.withObjects().isEmpty()) {
      files.add(charts.precisionRecall(folder.resolve("precision-recall.png")));
      files.add(charts.byClass(folder.resolve("ap-by-class.png")));
      files.add(charts.bySize(folder.resolve("ap-by-size.png")));
    }
    return files;
  }

  private List<Integer> withObjects() {
    return IntStream.range(0, categories.size())
        .filter(c -> categories.get(c).positives(0) > 0)
        .boxed()
        .toList();
  }

  private Path precisionRecall(Path file) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Precision against recall")
            .xAxisTitle("recall")
            .yAxisTitle("precision")
            .build();
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0).setXAxisMin(0.0).setXAxisMax(1.0);
    double[] recall = new double[PrecisionRecall.POINTS];
    Arrays.setAll(recall, i -> i * 0.01);
    if (withObjects().size() <= MOST_CURVES) {
      for (int c : withObjects()) {
        String name = (c + 1) + " " + table.categoryNames().get(c) + ", IoU .5";
        chart.addSeries(name, recall, curve(c, CocoMetrics.AT_50)).setMarker(SeriesMarkers.NONE);
      }
    }
    chart.addSeries("mean, IoU .5", recall, mean(CocoMetrics.AT_50)).setMarker(SeriesMarkers.NONE);
    chart.addSeries("mean, IoU .75", recall, mean(CocoMetrics.AT_75)).setMarker(SeriesMarkers.NONE);
    AtomicFile.write(file, BitmapEncoder.getBitmapBytes(chart, BitmapEncoder.BitmapFormat.PNG));
    return file;
  }

  private double[] curve(int category, int threshold) {
    double[] points = new double[PrecisionRecall.POINTS];
    new PrecisionRecall(table.classes().get(category), once)
        .curve(0, threshold, Integer.MAX_VALUE, points);
    return points;
  }

  private double[] mean(int threshold) {
    double[] mean = new double[PrecisionRecall.POINTS];
    for (int c : withObjects()) {
      double[] points = curve(c, threshold);
      Arrays.setAll(mean, i -> mean[i] + points[i] / withObjects().size());
    }
    return mean;
  }

  private Path byClass(Path file) throws IOException {
    List<String> names = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int c : withObjects().subList(0, Math.min(MOST_BARS, withObjects().size()))) {
      names.add((c + 1) + " " + table.categoryNames().get(c));
      values.add(categories.get(c).precision(0, 0, ClassMatches.THRESHOLDS.length));
    }
    return bars("AP by class", names, List.of("AP"), List.of(values), file);
  }

  private Path bySize(Path file) throws IOException {
    String[] sizes = {"all", "small", "medium", "large"};
    List<String> names = new ArrayList<>();
    List<Double> precision = new ArrayList<>();
    List<Double> recall = new ArrayList<>();
    for (int size = 0; size < sizes.length; size++) {
      int range = size;
      List<CategoryMetrics> counted =
          categories.stream().filter(f -> f.positives(range) > 0).toList();
      if (!counted.isEmpty()) {
        int all = ClassMatches.THRESHOLDS.length;
        names.add(sizes[size]);
        precision.add(
            counted.stream().mapToDouble(f -> f.precision(range, 0, all)).average().orElseThrow());
        recall.add(counted.stream().mapToDouble(f -> f.recall(range)).average().orElseThrow());
      }
    }
    return bars("AP and AR by size", names, List.of("AP", "AR"), List.of(precision, recall), file);
  }

  private static Path bars(
      String title, List<String> names, List<String> series, List<List<Double>> values, Path file)
      throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(Math.max(WIDTH, BAR_WIDTH * names.size()))
            .height(HEIGHT)
            .title(title)
            .build();
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
    chart.getStyler().setXAxisLabelRotation(names.size() > 5 ? 90 : 0);
    for (int i = 0; i < values.size(); i++) {
      chart.addSeries(series.get(i), names, values.get(i));
    }
    AtomicFile.write(file, BitmapEncoder.getBitmapBytes(chart, BitmapEncoder.BitmapFormat.PNG));
    return file;
  }
}
