package downstream.detection.metrics;

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
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pictures of a detector's work: boxes and masks on the first and on the worst images (found green,
 * false red, missed yellow), and {@link DetectionCharts}.
 */
final class DetectionFigures {
  private static final int TILE = 384;
  private static final int COLUMNS = 3;
  private static final int VEIL = 90;
  private static final Color HIT = new Color(0x00, 0xE0, 0x40);
  private static final Color FALSE = new Color(0xFF, 0x30, 0x30);
  private static final Color MISSED = new Color(0xFF, 0xC8, 0x00);

  private final ImageSet set;
  private final GroundTruth truth;
  private final DetectionResults results;
  private final EvaluatorSettings settings;
  private final Verdicts verdicts;

  private DetectionFigures(Path predictions, ImageSet set, Iou iou) {
    this.set = set;
    settings = EvaluatorSettings.COCO.on(iou);
    truth = GroundTruth.of(set, iou);
    results = DetectionResults.read(predictions, truth, settings);
    verdicts = new Verdicts(truth, results.boxes(), iou);
  }

  /**
   * Draws {@code detections.png} (the first images), {@code worst.png} (those with most errors, if
   * there are errors) and the charts.
   */
  static List<Path> draw(Path predictions, ImageSet set, Iou iou, Path folder, int count)
      throws IOException {
    DetectionFigures figures = new DetectionFigures(predictions, set, iou);
    List<Path> files = new ArrayList<>();
    List<Verdicts.Verdict> first =
        IntStream.range(0, Math.min(count, set.pictures().size()))
            .mapToObj(figures.verdicts::of)
            .toList();
    files.add(figures.sheet(first, folder.resolve("detections.png")));
    List<Verdicts.Verdict> worst = figures.verdicts.worst(count);
    if (!worst.isEmpty()) {
      files.add(figures.sheet(worst, folder.resolve("worst.png")));
    }
    MatchTable table = CocoEvaluator.match(figures.truth, figures.results, figures.settings);
    files.addAll(DetectionCharts.draw(table, folder));
    return files;
  }

  private Path sheet(List<Verdicts.Verdict> pictures, Path file) {
    Sheet sheet = new Sheet(COLUMNS, TILE);
    pictures.forEach(verdict -> addTile(sheet, verdict));
    sheet.writePng(file);
    return file;
  }

  private void addTile(Sheet sheet, Verdicts.Verdict verdict) {
    Picture picture = set.pictures().get(verdict.image());
    BufferedImage tile = enlarged(Image.read(picture.file()));
    double scale = (double) TILE / picture.width();
    verdict.missed().forEach(row -> draw(tile, truth.boxes(), row, scale, MISSED));
    verdict.falseOnes().forEach(row -> draw(tile, results.boxes(), row, scale, FALSE));
    verdict.hits().forEach(row -> draw(tile, results.boxes(), row, scale, HIT));
    sheet.add(
        Image.of(tile),
        verdict.hits().size()
            + " found, "
            + verdict.falseOnes().size()
            + " false (red), "
            + verdict.missed().size()
            + " missed (yellow)");
  }

  private static BufferedImage enlarged(Image image) {
    int height = Math.max(1, Math.round((float) TILE * image.height() / image.width()));
    return image.resize(TILE, height).toBuffered();
  }

  private void draw(BufferedImage tile, BoxTable boxes, int row, double scale, Color colour) {
    boxes.mask(row).ifPresent(mask -> veil(tile, mask, colour));
    Graphics2D pen = tile.createGraphics();
    pen.setStroke(new BasicStroke(2));
    pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    int x = (int) Math.round(boxes.x[row] * scale);
    int y = (int) Math.round(boxes.y[row] * scale);
    pen.setColor(colour);
    pen.drawRect(
        x,
        y,
        (int) Math.round(boxes.width[row] * scale),
        (int) Math.round(boxes.height[row] * scale));
    pen.drawString(truth.categoryNames().get(boxes.category[row]), x + 3, y + 12);
    pen.dispose();
  }

  /** Tints what the mask covers. */
  private static void veil(BufferedImage tile, Rle mask, Color colour) {
    boolean[] pixels = mask.toPixels();
    BufferedImage veil =
        new BufferedImage(mask.width(), mask.height(), BufferedImage.TYPE_INT_ARGB);
    int tint = (VEIL << 24) | (colour.getRGB() & 0xffffff);
    for (int i = 0; i < pixels.length; i++) {
      if (pixels[i]) {
        veil.setRGB(i % mask.width(), i / mask.width(), tint);
      }
    }
    Graphics2D pen = tile.createGraphics();
    pen.drawImage(veil, 0, 0, tile.getWidth(), tile.getHeight(), null);
    pen.dispose();
  }
}
