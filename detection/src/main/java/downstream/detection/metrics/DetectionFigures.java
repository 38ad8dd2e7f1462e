package downstream.detection.metrics;

import downstream.eval.AtomicFile;
import downstream.eval.data.Image;
import downstream.eval.data.ImageSet;
import downstream.eval.data.Picture;
import downstream.eval.data.Sheet;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/** Pictures of a detector's work: boxes on images, and precision against recall. */
final class DetectionFigures {
  private static final double HIT_IOU = 0.5;
  private static final int TILE = 256;
  private static final int COLUMNS = 4;
  private static final Color HIT = new Color(0x00, 0xE0, 0x40);
  private static final Color FALSE = new Color(0xFF, 0x30, 0x30);
  private static final Color MISSED = new Color(0xFF, 0xC8, 0x00);

  private final ImageSet set;
  private final GroundTruth truth;
  private final BoxTable found;

  private DetectionFigures(Path predictions, ImageSet set) {
    this.set = set;
    truth = GroundTruth.of(set);
    found = DetectionResults.read(predictions, truth).boxes();
  }

  /** Draws {@code detections.png} (the first images) and {@code precision-recall.png}. */
  static List<Path> draw(Path predictions, ImageSet set, Path folder, int count)
      throws IOException {
    DetectionFigures figures = new DetectionFigures(predictions, set);
    Path boxes = folder.resolve("detections.png");
    Sheet sheet = new Sheet(COLUMNS, TILE);
    for (int image = 0; image < Math.min(count, set.pictures().size()); image++) {
      figures.addTile(sheet, image);
    }
    sheet.writePng(boxes);
    Path curve = folder.resolve("precision-recall.png");
    figures.drawCurves(curve);
    return List.of(boxes, curve);
  }

  private void addTile(Sheet sheet, int image) {
    Picture picture = set.pictures().get(image);
    BufferedImage tile = enlarged(Image.read(picture.file()));
    double scale = (double) TILE / picture.width();
    Graphics2D pen = tile.createGraphics();
    pen.setStroke(new BasicStroke(2));
    pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    BitSet taken = new BitSet();
    int hits = 0;
    int misses = 0;
    for (int row : drawn(image)) {
      int match = match(row, image, taken);
      if (match >= 0) {
        taken.set(match);
      }
      hits += match >= 0 ? 1 : 0;
      misses += match >= 0 ? 0 : 1;
      String label = truth.categoryNames().get(found.category[row]);
      drawBox(pen, found, row, scale, match >= 0 ? HIT : FALSE, label);
    }
    int missed = 0;
    for (int row = 0; row < truth.boxes().size; row++) {
      boolean here = truth.boxes().image[row] == image && !truth.boxes().crowd.get(row);
      if (here && !taken.get(row)) {
        String label = truth.categoryNames().get(truth.boxes().category[row]);
        drawBox(pen, truth.boxes(), row, scale, MISSED, label);
        missed++;
      }
    }
    pen.dispose();
    sheet.add(
        Image.of(tile),
        hits + " found, " + misses + " false (red), " + missed + " missed (yellow)");
  }

  private static BufferedImage enlarged(Image image) {
    int height = Math.max(1, Math.round((float) TILE * image.height() / image.width()));
    return image.resize(TILE, height).toBuffered();
  }

  /** The image's strongest detections, as many as it has objects: more would hide the picture. */
  private List<Integer> drawn(int image) {
    List<Integer> rows = new ArrayList<>();
    for (int row = 0; row < found.size; row++) {
      if (found.image[row] == image) {
        rows.add(row);
      }
    }
    rows.sort((a, b) -> Double.compare(found.score[b], found.score[a]));
    return rows.subList(0, Math.min(rows.size(), objects(image)));
  }

  private int objects(int image) {
    int count = 0;
    for (int row = 0; row < truth.boxes().size; row++) {
      count += truth.boxes().image[row] == image && !truth.boxes().crowd.get(row) ? 1 : 0;
    }
    return count;
  }

  /** The free truth of the same class that the detection covers best, or -1. */
  private int match(int row, int image, BitSet taken) {
    BoxTable boxes = truth.boxes();
    int best = -1;
    double least = HIT_IOU;
    for (int t = 0; t < boxes.size; t++) {
      boolean candidate =
          boxes.image[t] == image
              && boxes.category[t] == found.category[row]
              && !boxes.crowd.get(t)
              && !taken.get(t);
      if (candidate && BoxTable.overlap(found, row, boxes, t) >= least) {
        best = t;
        least = BoxTable.overlap(found, row, boxes, t);
      }
    }
    return best;
  }

  private static void drawBox(
      Graphics2D pen, BoxTable boxes, int row, double scale, Color colour, String label) {
    int x = (int) Math.round(boxes.x[row] * scale);
    int y = (int) Math.round(boxes.y[row] * scale);
    pen.setColor(colour);
    pen.drawRect(
        x,
        y,
        (int) Math.round(boxes.width[row] * scale),
        (int) Math.round(boxes.height[row] * scale));
    pen.drawString(label, x + 3, y + 12);
  }

  private void drawCurves(Path file) throws IOException {
    MatchTable table =
        CocoEvaluator.match(
            truth, new DetectionResults(found, 0, List.of()), EvaluatorSettings.COCO);
    double[] once = new double[table.images()];
    java.util.Arrays.fill(once, 1);
    XYChart chart =
        new XYChartBuilder()
            .width(640)
            .height(480)
            .title("Precision against recall at IoU .5")
            .xAxisTitle("recall")
            .yAxisTitle("precision")
            .build();
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0).setXAxisMin(0.0).setXAxisMax(1.0);
    double[] recall = new double[PrecisionRecall.POINTS];
    java.util.Arrays.setAll(recall, i -> i * 0.01);
    for (int c = 0; c < table.classes().size(); c++) {
      PrecisionRecall curves = new PrecisionRecall(table.classes().get(c), once);
      if (curves.positives(0) > 0) {
        double[] points = new double[PrecisionRecall.POINTS];
        curves.curve(0, 0, Integer.MAX_VALUE, points);
        chart
            .addSeries((c + 1) + " " + table.categoryNames().get(c), recall, points)
            .setMarker(org.knowm.xchart.style.markers.SeriesMarkers.NONE);
      }
    }
    if (!chart.getSeriesMap().isEmpty()) {
      byte[] png = BitmapEncoder.getBitmapBytes(chart, BitmapEncoder.BitmapFormat.PNG);
      AtomicFile.write(file, png);
    }
  }
}
