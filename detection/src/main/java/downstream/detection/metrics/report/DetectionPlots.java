package downstream.detection.metrics.report;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.coco.MatchTable;
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
 * Boxes and masks drawn on the first and on the worst images (found green, false red, missed
 * yellow), and {@link PrecisionRecallPlots}.
 */
final class DetectionPlots {
  private static final int TILE = 384;
  private static final int COLUMNS = 3;
  private static final int OPACITY = 90;
  private static final Color HIT = new Color(0x00, 0xE0, 0x40);
  private static final Color FALSE = new Color(0xFF, 0x30, 0x30);
  private static final Color MISSED = new Color(0xFF, 0xC8, 0x00);

  private final ImageSet set;
  private final GroundTruth groundTruth;
  private final DetectionResults results;
  private final DetectionOutcomes outcomes;

  DetectionPlots(ImageSet set, GroundTruth groundTruth, DetectionResults results, Iou iou) {
    this.set = set;
    this.groundTruth = groundTruth;
    this.results = results;
    this.outcomes = new DetectionOutcomes(groundTruth, results.boxes(), iou);
  }

  /**
   * Draws {@code detections.png} (the first images), {@code worst.png} (those with most errors, if
   * there are errors) and the curves.
   */
  List<Path> draw(MatchTable matches, Path folder, int count) throws IOException {
    List<Path> files = new ArrayList<>();
    List<DetectionOutcomes.OfImage> first =
        IntStream.range(0, Math.min(count, set.images().size())).mapToObj(outcomes::of).toList();
    files.add(sheet(first, folder.resolve("detections.png")));
    List<DetectionOutcomes.OfImage> worst = outcomes.worst(count);
    if (!worst.isEmpty()) {
      files.add(sheet(worst, folder.resolve("worst.png")));
    }
    files.addAll(PrecisionRecallPlots.draw(matches, folder));
    return files;
  }

  private Path sheet(List<DetectionOutcomes.OfImage> images, Path file) {
    ContactSheet sheet = new ContactSheet(COLUMNS, TILE);
    images.forEach(outcome -> addTile(sheet, outcome));
    sheet.writePng(file);
    return file;
  }

  private void addTile(ContactSheet sheet, DetectionOutcomes.OfImage outcome) {
    ImageRecord image = set.images().get(outcome.image());
    BufferedImage tile = enlarged(Image.read(image.file()));
    double scale = (double) TILE / image.width();
    outcome.missed().forEach(row -> draw(tile, groundTruth.boxes(), row, scale, MISSED));
    outcome.falseOnes().forEach(row -> draw(tile, results.boxes(), row, scale, FALSE));
    outcome.hits().forEach(row -> draw(tile, results.boxes(), row, scale, HIT));
    sheet.add(
        Image.of(tile),
        outcome.hits().size()
            + " found, "
            + outcome.falseOnes().size()
            + " false (red), "
            + outcome.missed().size()
            + " missed (yellow)");
  }

  private static BufferedImage enlarged(Image image) {
    int height = Math.max(1, Math.round((float) TILE * image.height() / image.width()));
    return image.resize(TILE, height).toBuffered();
  }

  private void draw(BufferedImage tile, BoxTable boxes, int row, double scale, Color colour) {
    boxes.mask(row).ifPresent(mask -> tint(tile, mask, colour));
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
    pen.drawString(groundTruth.categoryNames().get(boxes.category[row]), x + 3, y + 12);
    pen.dispose();
  }

  /** Tints what the mask covers. */
  private static void tint(BufferedImage tile, Rle mask, Color colour) {
    boolean[] pixels = mask.toPixels();
    BufferedImage overlay =
        new BufferedImage(mask.width(), mask.height(), BufferedImage.TYPE_INT_ARGB);
    int colourAndOpacity = (OPACITY << 24) | (colour.getRGB() & 0xffffff);
    for (int i = 0; i < pixels.length; i++) {
      if (pixels[i]) {
        overlay.setRGB(i % mask.width(), i / mask.width(), colourAndOpacity);
      }
    }
    Graphics2D pen = tile.createGraphics();
    pen.drawImage(overlay, 0, 0, tile.getWidth(), tile.getHeight(), null);
    pen.dispose();
  }
}
