package downstream.segmentation;

import downstream.eval.data.image.Image;
import downstream.segmentation.metrics.SegmentationMetrics;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The IoU of every class as a bar in its colour, the mean as a line. */
final class ClassIouPlot {
  private static final int ROW = 24;
  private static final int NAMES = 160;
  private static final int FULL = 400;
  private static final int MARGIN = 30;

  private ClassIouPlot() {}

  static Path draw(
      SegmentationMetrics agreement, List<String> classes, Palette palette, Path file) {
    int height = 2 * MARGIN + ROW * classes.size();
    BufferedImage image = new BufferedImage(NAMES + FULL + 90, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    try {
      pen.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
      pen.setColor(Color.WHITE);
      pen.fillRect(0, 0, image.getWidth(), height);
      for (int c = 0; c < classes.size(); c++) {
        Optional<Double> iou = agreement.classes().get(c).iou();
        bar(pen, classes.get(c), iou, palette.colour(c), MARGIN + c * ROW);
      }
      agreement.meanIou().ifPresent(mean -> line(pen, mean, height));
    } finally {
      pen.dispose();
    }
    Image.of(image).writePng(file);
    return file;
  }

  private static void bar(Graphics2D pen, String name, Optional<Double> iou, int colour, int y) {
    int length = (int) Math.round(FULL * iou.orElse(0.0));
    pen.setColor(new Color(colour));
    pen.fillRect(NAMES, y + 3, length, ROW - 6);
    pen.setColor(Color.BLACK);
    pen.drawRect(NAMES, y + 3, FULL, ROW - 6);
    int width = pen.getFontMetrics().stringWidth(name);
    pen.drawString(name, NAMES - 8 - width, y + ROW - 8);
    String value = iou.map(v -> String.format(Locale.ROOT, "%.3f", v)).orElse("n/a");
    pen.drawString(value, NAMES + FULL + 8, y + ROW - 8);
  }

  private static void line(Graphics2D pen, double mean, int height) {
    int x = NAMES + (int) Math.round(FULL * mean);
    pen.setColor(Color.BLACK);
    pen.drawLine(x, MARGIN - 4, x, height - MARGIN + 4);
    String text = String.format(Locale.ROOT, "mIoU %.3f", mean);
    pen.drawString(text, x - pen.getFontMetrics().stringWidth(text) / 2, MARGIN - 8);
  }
}
