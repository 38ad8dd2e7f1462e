package downstream.segmentation;

import downstream.eval.data.image.Image;
import downstream.segmentation.metrics.ConfusionMatrix;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;

/**
 * The confusion matrix as a heat map: a row for every true class, each row's shares in percent; the
 * classes' colours on the prediction sheet stand beside their names.
 */
final class ConfusionPlot {
  private static final int CELL = 44;
  private static final int MARGIN = 150;
  private static final int SWATCH = 12;

  private ConfusionPlot() {}

  static Path draw(ConfusionMatrix matrix, List<String> classes, Palette palette, Path file) {
    int side = MARGIN + CELL * classes.size() + 10;
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    try {
      pen.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
      pen.setColor(Color.WHITE);
      pen.fillRect(0, 0, side, side);
      for (int t = 0; t < classes.size(); t++) {
        names(pen, classes.get(t), t, new Color(palette.colour(t)));
        for (int p = 0; p < classes.size(); p++) {
          cell(pen, t, p, (double) matrix.count(t, p) / Math.max(1, matrix.groundTruth(t)));
        }
      }
      pen.setColor(Color.BLACK);
      pen.drawString("rows: ground truth", 10, MARGIN - 32);
      pen.drawString("columns: prediction", 10, MARGIN - 16);
    } finally {
      pen.dispose();
    }
    Image.of(image).writePng(file);
    return file;
  }

  private static void names(Graphics2D pen, String name, int index, Color colour) {
    int at = MARGIN + index * CELL + CELL / 2;
    swatch(pen, colour, MARGIN - 8 - SWATCH, at - SWATCH / 2);
    swatch(pen, colour, at - SWATCH / 2, MARGIN - 8 - SWATCH);
    int end = MARGIN - 14 - SWATCH;
    pen.setColor(Color.BLACK);
    pen.drawString(name, end - pen.getFontMetrics().stringWidth(name), at + 4);
    var upright = pen.getTransform();
    pen.rotate(-Math.PI / 2, at, end);
    pen.drawString(name, at, end + 4);
    pen.setTransform(upright);
  }

  private static void swatch(Graphics2D pen, Color colour, int x, int y) {
    pen.setColor(colour);
    pen.fillRect(x, y, SWATCH, SWATCH);
  }

  /** White for 0 to dark blue for 1. */
  private static void cell(Graphics2D pen, int groundTruth, int prediction, double share) {
    int x = MARGIN + prediction * CELL;
    int y = MARGIN + groundTruth * CELL;
    int fade = (int) Math.round(255 * (1 - share));
    pen.setColor(new Color(fade, (int) (fade * 0.7 + 76), 255 - (255 - fade) / 3));
    pen.fillRect(x, y, CELL - 1, CELL - 1);
    String percent = Long.toString(Math.round(100 * share));
    pen.setColor(share > 0.5 ? Color.WHITE : Color.BLACK);
    pen.drawString(
        percent, x + (CELL - pen.getFontMetrics().stringWidth(percent)) / 2, y + CELL / 2 + 4);
  }
}
