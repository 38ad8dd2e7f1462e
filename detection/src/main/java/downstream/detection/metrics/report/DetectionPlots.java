package downstream.detection.metrics.report;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.coco.CocoEvaluator;
import downstream.detection.metrics.coco.MatchTable;
import downstream.detection.metrics.io.ResultsReader;
import downstream.detection.metrics.mask.Rle;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.ContactSheet;
import downstream.eval.data.image.Image;
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
 * false red, missed yellow), and {@link PrecisionRecallPlots}.
 */
final class DetectionPlots {
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
  private final DetectionOutcomes verdicts;

  private DetectionPlots(Path predictions, ImageSet set, Iou iou) {
    this.set = set;
    settings = EvaluatorSettings.COCO.on(iou);
    truth = GroundTruth.of(set, iou);
    results = ResultsReader.read(predictions, truth, settings);
    verdicts = new DetectionOutcomes(truth, results.boxes(), iou);
  }

  /**
   * Draws {@code detections.png} (the first images), {@code worst.png} (those with most errors, if
   * there are errors) and the charts.
   */
  static List<Path> draw(Path predictions, ImageSet set, Iou iou, Path folder, int count)
      throws IOException {
    DetectionPlots figures = new DetectionPlots(predictions, set, iou);
    List<Path> files = new ArrayList<>();
    List<DetectionOutcomes.Verdict> first =
        IntStream.range(0, Math.min(count, set.pictures().size()))
            .mapToObj(figures.verdicts::of)
            .toList();
    files.add(figures.sheet(first, folder.resolve("detections.png")));
    List<DetectionOutcomes.Verdict> worst = figures.verdicts.worst(count);
    if (!worst.isEmpty()) {
      files.add(figures.sheet(worst, folder.resolve("worst.png")));
    }
    MatchTable table = CocoEvaluator.match(figures.truth, figures.results, figures.settings);
    files.addAll(PrecisionRecallPlots.draw(table, folder));
    return files;
  }

  private Path sheet(List<DetectionOutcomes.Verdict> images, Path file) {
    ContactSheet sheet = new ContactSheet(COLUMNS, TILE);
    images.forEach(verdict -> addTile(sheet, verdict));
    sheet.writePng(file);
    return file;
  }

  private void addTile(ContactSheet sheet, DetectionOutcomes.Verdict verdict) {
    ImageRecord image = set.pictures().get(verdict.image());
    BufferedImage tile = enlarged(Image.read(image.file()));
    double scale = (double) TILE / image.width();
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
